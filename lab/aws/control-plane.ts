import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { cellRegions } from "@castle/regions/catalogue.ts";
import type { Certificates } from "./acm/certificates.ts";
import type { ControlledCells } from "./cells.ts";
import { MetricHistory } from "./cloudwatch/history.ts";
import { readingsIn } from "./cloudwatch/readings.ts";
import { type Clusters, noClusters } from "./clusters.ts";
import { Conduct } from "./conduct.ts";
import { dispatcher, type Outcome } from "./dispatcher.ts";
import type { Observer } from "./events.ts";
import { type Holdings, noHoldings, Replicas } from "./holdings.ts";
import { labIdentifiers } from "./identifiers.ts";
import { labCertificates, labTopics } from "./lab-account.ts";
import { Pace, type Timing, type Wait } from "./pace.ts";
import { noRestores, type Restore, Restores } from "./rds/restores.ts";
import { type BackUp, noBackups, Snapshots } from "./rds/snapshots.ts";
import { type Buckets, noBuckets } from "./s3/buckets.ts";
import { labServices } from "./services.ts";
import { type Published, Topics } from "./sns/topics.ts";

export interface ControlPlaneOptions {
  /** TCP port on loopback; 0 for any free one. */
  readonly port: number;
  readonly cells: ControlledCells;
  /** Account number in every ARN; `labIdentifiers()`'s own when left out. */
  readonly account?: string;
  /** Told of every call and of every change that ends. */
  readonly observe?: Observer;
  /** Images and secrets; none when left out. */
  readonly holdings?: Holdings;
  /** Told of every message that is published. */
  readonly published?: (message: Published) => void;
  /** Buckets of S3; none when left out. */
  readonly buckets?: Buckets;
  /** The cells' Kubernetes clusters; none when left out. */
  readonly clusters?: Clusters;
  /** Copies a running database; no snapshot can be taken when left out. */
  readonly backUp?: BackUp;
  /** Copies a snapshot for a server of its own; none can be restored when left out. */
  readonly restore?: Restore;
  /** How long changes take; `instant` when left out. */
  readonly timing?: Timing;
  /** How it waits; by the clock when left out. */
  readonly wait?: Wait;
}

export interface ControlPlane {
  /** The one endpoint of every service and region, `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** The switch for its faults. */
  readonly conduct: Conduct;
  /** The switch for what of the holdings a region lacks. */
  readonly replicas: Replicas;
  /** The switch for metrics that are not published any more. */
  readonly metrics: Pick<MetricHistory, "silence" | "resume">;
  /** What was published. */
  readonly topics: Pick<Topics, "published">;
  /** The certificates of each region, and the switch for their ends. */
  readonly certificates: Certificates;
  /** The snapshots of both databases, and the switch for what AWS leaves behind. */
  readonly snapshots: Snapshots;
  /**
   * Stops listening and drops every connection. Changes that the cells have begun go on; those that only wait for their
   * time (see `timing`) are given up.
   */
  close(): Promise<void>;
}

const host = "127.0.0.1";
const largestBody = 1024 * 1024;

/**
 * Starts the lab's AWS: every service of services.ts on its own wire protocol, over the real processes that `cells` stands
 * for. It opens no connection to anywhere.
 *
 * @throws Error when the port is taken.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { cells, observe = () => {} } = options;
  const identifiers = labIdentifiers(options.account);
  const pace = new Pace(options.timing ?? "instant", options.wait);
  const replicas = new Replicas();
  const { holdings = noHoldings, buckets = noBuckets, clusters = noClusters } = options;
  const metrics = new MetricHistory(async (region) => {
    const [databases, caches, groups] = await Promise.all([
      cells.databaseMembers(),
      cells.cacheMembers(),
      cells.endpointGroups(),
    ]);
    return readingsIn(region, { databases, caches, groups }, identifiers);
  });
  const topics = new Topics(labTopics(identifiers), options.published);
  const certificates = labCertificates(identifiers);
  const snapshots = new Snapshots(options.backUp ?? noBackups);
  const restores = new Restores(options.restore ?? noRestores);
  // Each member has an automated one from its first day on.
  if (options.backUp)
    for (const region of cellRegions)
      snapshots.takeAutomated(region, identifiers.cell(region).clusterIdentifier);
  const parts = {
    cells,
    identifiers,
    observe,
    pace,
    holdings,
    replicas,
    metrics,
    topics,
    certificates,
    buckets,
    clusters,
    snapshots,
    restores,
  };
  const services = labServices(parts);
  const conduct = new Conduct(
    services.map(({ signingName: service, operations }) => ({
      service,
      operations: operations.map(({ name }) => name),
    })),
  );
  const dispatch = dispatcher({ services, cells, observe, conduct, pace });

  const server = createServer((request, response) => {
    serve(request, response, dispatch).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === "EADDRINUSE"
          ? new Error(
              `the AWS control plane cannot listen on ${host}:${options.port}, it is taken; choose another, or 0 for any`,
              { cause },
            )
          : cause,
      ),
    );
    server.listen(options.port, host, resolve);
  });

  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    ...{ conduct, replicas, metrics, topics, certificates, snapshots },
    close: async () => {
      await new Promise<void>((resolve, reject) => {
        pace.close();
        server.close((cause) => (cause ? reject(cause) : resolve()));
        server.closeAllConnections();
      });
      await restores.close();
    },
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  dispatch: ReturnType<typeof dispatcher>,
): Promise<void> {
  const body = await readBody(request);
  if (body === null) {
    response.writeHead(413, { connection: "close" }).end();
    return;
  }
  const { method = "", url = "/", headers } = request;
  send(response, await dispatch({ method, target: url, headers, body }));
}

function send(response: ServerResponse, outcome: Outcome): void {
  if (outcome === "silent") return;
  if (outcome === "refuses") {
    response.socket?.resetAndDestroy();
    return;
  }
  const { status, headers, body } = outcome;
  // An answer to HEAD tells the length of what it leaves out.
  const length = status === 204 ? {} : { "content-length": Buffer.byteLength(body) };
  response.writeHead(status, { ...length, ...headers }).end(body);
}

/**
 * @returns null when the body is larger than any request of AWS's could be. The rest of it is read and dropped: a socket
 * that is closed on a client in the middle of sending loses the answer too.
 */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= largestBody) chunks.push(chunk);
  }
  return size <= largestBody ? Buffer.concat(chunks) : null;
}
