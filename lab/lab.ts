import type { ChildProcess } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { makeApproverKey } from "@castle/dr-runbooks/approvals/approver-key.ts";
import type { Target } from "@castle/dr-runbooks/target.ts";
import { homeRegion, type RegionName } from "@castle/regions/catalogue.ts";
import type { ServiceName } from "@castle/services/catalogue.ts";
import { symbolNamed } from "@castle/services/kernel/domain/symbols.ts";
import { type ControlPlane, startControlPlane } from "./aws/control-plane.ts";
import type { Observer } from "./aws/events.ts";
import { labIdentifiers } from "./aws/identifiers.ts";
import type { Timing } from "./aws/pace.ts";
import { evidenceBuckets } from "./aws/s3/buckets.ts";
import { bearServers } from "./birth.ts";
import { buildLab, type LabParts } from "./build.ts";
import { labBackups } from "./cells/lab-backups.ts";
import { LabCells } from "./cells/lab-cells.ts";
import { labHoldings } from "./cells/lab-holdings.ts";
import { labRestores } from "./cells/lab-restores.ts";
import { createSecrets } from "./environment.ts";
import { LabClusters } from "./kubernetes/clusters.ts";
import { LabLink } from "./lab-link.ts";
import { LabLog } from "./lab-log.ts";
import type { LabProcess } from "./lab-process.ts";
import { type LabLayout, layOut, sizesFor, withGateways } from "./layout.ts";
import { PortBlock, requireFree } from "./ports.ts";
import { Host, type SpawnRequest } from "./processes/host.ts";
import { bothCellsReady } from "./readiness.ts";
import type { LabRegion } from "./region.ts";
import type { PostgresServer } from "./servers/postgres.ts";
import { createPostgresAccess } from "./servers/postgres-access.ts";
import { type LabStatus, labStatus } from "./status.ts";
import { labTarget } from "./target.ts";
import { WitnessRegion } from "./witness/witness-region.ts";

/** In the lab's folder: the private key of the one approver that its target lists. */
const APPROVER_KEY = "approver-key.pem";

export interface LabOptions {
  /** Private folder, new or empty, removed in the end. Default: one under the system's temporary folder. */
  readonly folder?: string;
  /** Leaves the folder (logs, data, target.json) where it is on {@link Lab.down}. */
  readonly keep?: boolean;
  /** Round-trip time between the regions. Milliseconds; default 20. */
  readonly rttMs?: number;
  /** Markets; default BTCUSDT, ETHUSDT, SOLUSDT. */
  readonly symbols?: readonly string[];
  /** How long the peer may be unreachable before the active cell asks for solo. Milliseconds; default 2000. */
  readonly soloAfterMs?: number;
  /** How long a writer that lost its role goes on believing in it once it runs again. Milliseconds; default 3000. */
  readonly rejoinDelayMs?: number;
  /** The region nearest to the traders. Default: home. */
  readonly nearest?: RegionName;
  /**
   * Order gateways of each cell, whatever its role. Default: as the catalogue says; one where the machine has fewer than
   * four cores.
   */
  readonly gateways?: number;
  /** Ports of the edge; default: free ones. */
  readonly apiPort?: number;
  readonly streamPort?: number;
  /** Aborted to give up while the lab is starting: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Added to the environment of every service, and of nothing else: NODE_OPTIONS, to look into them. */
  readonly serviceEnvironment?: Readonly<Record<string, string>>;
  readonly onProgress?: (line: string) => void;
  /** Told of every call to the AWS control plane and of every change that ends. */
  readonly observeAws?: Observer;
  /** How long changes take in AWS: as long as the lab needs, the default, or as long as on AWS. */
  readonly timing?: Timing;
}

/**
 * Two AWS regions on this machine: real databases, real services, and between them a link that delays and fails. All of
 * it belongs to this process and ends with it, however that ends.
 */
export class Lab {
  readonly folder: string;
  /** What runbooks need to reach this lab; also in `<folder>/target.json`. */
  readonly target: Target;
  readonly edge: { readonly api: string; readonly stream: string };
  readonly link: LabLink;
  /** The lab's AWS: how it behaves, what it holds where, and what was published. */
  readonly aws: Omit<ControlPlane, "url" | "close">;
  readonly #host: Host;
  readonly #parts: LabParts;
  readonly #witness: WitnessRegion;
  readonly #close: () => Promise<void>;

  private constructor(made: {
    host: Host;
    target: Target;
    layout: LabLayout;
    parts: LabParts;
    witness: WitnessRegion;
    aws: ControlPlane;
    close: () => Promise<void>;
  }) {
    const port = (service: ServiceName): number => made.layout.edge.get(service) ?? 0;
    this.#host = made.host;
    this.folder = made.host.folder;
    this.target = made.target;
    this.edge = {
      api: `http://127.0.0.1:${port("order-gateway")}`,
      stream: `ws://127.0.0.1:${port("market-data")}`,
    };
    this.link = new LabLink(made.parts);
    this.aws = made.aws;
    this.#parts = made.parts;
    this.#witness = made.witness;
    this.#close = made.close;
  }

  /**
   * Starts everything and resolves when both cells are ready: home active, peer standby, paired.
   * @throws ServerMissing, or Error naming a port that is taken, a folder that is in use, or what did not start; nothing
   * is left behind then
   */
  static async up(options: LabOptions = {}): Promise<Lab> {
    const symbols = options.symbols ?? ["BTCUSDT", "ETHUSDT", "SOLUSDT"];
    for (const symbol of symbols) symbolNamed(symbol);
    const wanted = new Map<ServiceName, number>();
    if (options.apiPort !== undefined)
      wanted.set("order-gateway", await requireFree(options.apiPort, "apiPort"));
    if (options.streamPort !== undefined)
      wanted.set("market-data", await requireFree(options.streamPort, "streamPort"));

    options.signal?.throwIfAborted();
    const ports = await PortBlock.claim();
    const closers: (() => Promise<void>)[] = [() => ports.release()];
    let closing: Promise<void> = Promise.resolve();
    const close = (): Promise<void> => {
      closing = closing.then(async () => {
        for (const closer of closers.splice(0).reverse()) await closer();
      });
      return closing;
    };
    const starting: Promise<unknown>[] = [];
    // Whatever is being started meets its end, and with it the start of the whole.
    const giveUp = (): void => void close();
    options.signal?.addEventListener("abort", giveUp);
    try {
      const host = new Host({
        ...(options.folder === undefined ? {} : { folder: options.folder }),
        keep: options.keep ?? false,
      });
      closers.push(() => host.close());
      const log = new LabLog(host, options.onProgress ?? (() => undefined));
      const { note } = log;
      const { gateways } = options;
      const sizes = gateways === undefined ? sizesFor(availableParallelism()) : withGateways(gateways);
      const layout = await layOut(() => ports.take(), wanted, sizes);
      const secrets = createSecrets(createPostgresAccess(host));
      const parts = buildLab({
        ...{ host, layout, secrets, symbols, note },
        takePort: () => ports.take(),
        rttMs: options.rttMs ?? 20,
        soloAfterMs: options.soloAfterMs ?? 2_000,
        nearest: options.nearest ?? homeRegion,
        rejoinDelayMs: options.rejoinDelayMs ?? 3_000,
        serviceEnvironment: options.serviceEnvironment ?? {},
      });
      closers.push(async () => {
        log.close();
        letGo(parts);
      });

      note(`starting both regions in ${host.folder}`);
      const servers = parts.network.start().then(() => bearServers(parts, { layout, symbols }));
      const third = WitnessRegion.start(layout.witness).then((started) => {
        closers.push(() => started.close());
        return started;
      });
      starting.push(servers, third);
      const [witness] = await Promise.all([third, servers]);
      note("servers run: PostgreSQL, journals and Redis of both regions, the witness, the link");
      const cells = await cellsOf(parts);
      closers.push(async () => cells.close());
      const clusters = await LabClusters.over(parts.regions, layout, cells);
      closers.push(() => clusters.close());
      const buckets = evidenceBuckets(labIdentifiers(), { folder: host.subfolder("s3") });
      const { observeAws: observe, timing } = options;
      const controlPlane = await startControlPlane({
        ...{ port: layout.controlPlane, cells, holdings: labHoldings(secrets), buckets },
        clusters: clusters.known,
        backUp: labBackups(host, parts.databases),
        restore: labRestores(host, secrets.postgres, () => ports.take()),
        published: ({ topicArn, subject, message }) =>
          note(`published at ${topicArn}: ${subject ?? message}`),
        ...(observe ? { observe } : {}),
        ...(timing ? { timing } : {}),
      });
      closers.push(() => controlPlane.close());
      const { fingerprint: _, ...approver } = await makeApproverKey(join(host.folder, APPROVER_KEY), "lab");
      const runsFolder = host.subfolder("runs");
      const keyFile = join(host.folder, "evidence-key.pem");
      const target = labTarget({ layout, secrets, sizes, runsFolder, keyFile, approvers: [approver] });
      await host.writePrivately("target.json", `${JSON.stringify(target, null, 2)}\n`);

      await Promise.all(parts.regions.all.map((region) => region.startServices()));
      note("services run; waiting for home to be active and paired");
      await bothCellsReady(parts, { layout, witness, signal: options.signal });
      note("both cells are ready");
      return new Lab({ host, target, layout, parts, witness, aws: controlPlane, close });
    } catch (error) {
      await close();
      await Promise.allSettled(starting);
      await close(); // what had just come up
      options.signal?.throwIfAborted();
      throw error;
    } finally {
      options.signal?.removeEventListener("abort", giveUp);
    }
  }

  region(name: RegionName): LabRegion {
    return this.#parts.regions.in(name);
  }

  /** @param name for example `order-gateway-0`, `matching-engine-0`, `database`, `journal`, `redis` */
  process(region: RegionName, name: string): LabProcess {
    return this.region(region).process(name);
  }

  /** Base addresses of a service's internal port, one for each instance of it. */
  internalUrl(region: RegionName, service: ServiceName): string[] {
    return this.region(region)
      .deployments.instancesOf(service)
      .map(({ internalPort }) => `http://127.0.0.1:${internalPort}`);
  }

  /** The region's real database server, as an operator with all rights reaches it. */
  databaseOf(region: RegionName): PostgresServer {
    return this.#parts.databases.in(region);
  }

  /** The region's real journal server. */
  journalOf(region: RegionName): PostgresServer {
    return this.#parts.journals.in(region);
  }

  /** Starts a process that must not outlive the lab, whatever ends that. It is the caller's to watch. */
  spawn(request: SpawnRequest): ChildProcess {
    return this.#host.spawn(request);
  }

  /** The third region, which can be lost as well. */
  get witness(): WitnessRegion {
    return this.#witness;
  }

  /** Every connection to the edge stays open at both ends, and nothing passes any more. New ones are well. */
  swallowConnections(): Promise<void> {
    return this.#parts.network.swallowConnections();
  }

  status(): Promise<LabStatus> {
    const { folder, edge } = this;
    return labStatus(this.#parts, {
      folder,
      edge,
      witness: this.#witness,
      reaperPid: this.#host.reaperPid,
      published: this.aws.topics.published,
    });
  }

  /** Ends every process and removes the folder. Harmless when repeated. */
  down(): Promise<void> {
    return this.#close();
  }
}

async function cellsOf(parts: LabParts): Promise<LabCells> {
  const postgres = await parts.databases.in(homeRegion).version();
  const redis = await parts.caches.in(homeRegion).version();
  return new LabCells({ ...parts, versions: { postgres, redis } });
}

function letGo({ regions, database, datastore, network }: LabParts): void {
  database.close();
  datastore.close();
  network.letGo();
  for (const region of regions.all) region.letGo();
}
