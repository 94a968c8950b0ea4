import { fileURLToPath } from "node:url";
import { EKSClient } from "@aws-sdk/client-eks";
import { CellCluster } from "@castle/dr-runbooks/kubernetes/cluster.ts";
import { type ControlPlane, startControlPlane } from "@castle/lab/aws/control-plane.ts";
import { labIdentifiers } from "@castle/lab/aws/identifiers.ts";
import { buildLab, type LabParts } from "@castle/lab/build.ts";
import { LabCells } from "@castle/lab/cells/lab-cells.ts";
import { createSecrets } from "@castle/lab/environment.ts";
import { LabClusters } from "@castle/lab/kubernetes/clusters.ts";
import { NAMESPACE } from "@castle/lab/kubernetes/objects.ts";
import { layOut } from "@castle/lab/layout.ts";
import { PortBlock } from "@castle/lab/ports.ts";
import { Host } from "@castle/lab/processes/host.ts";
import { createPostgresAccess } from "@castle/lab/servers/postgres-access.ts";
import { type CellRegion, homeRegion } from "@castle/regions/catalogue.ts";
import { labCredentials } from "@castle/regions/loopback.ts";
import { catalogueSizes, type ServiceName } from "@castle/services/catalogue.ts";

const standIn = fileURLToPath(new URL("../support/stand-in-service.ts", import.meta.url));

/** Both cells' clusters and the edge, with programs that stand in for the services; no database, journal or cache. */
export class TwoClusters {
  readonly parts: LabParts;
  readonly clusters: LabClusters;
  readonly aws: ControlPlane;
  /** Of the edge, by service. */
  readonly edge: ReadonlyMap<ServiceName, number>;
  readonly #closing: readonly (() => unknown)[];

  private constructor(
    made: Pick<TwoClusters, "parts" | "clusters" | "aws" | "edge">,
    closing: readonly (() => unknown)[],
  ) {
    this.parts = made.parts;
    this.clusters = made.clusters;
    this.aws = made.aws;
    this.edge = made.edge;
    this.#closing = closing;
  }

  static async start(): Promise<TwoClusters> {
    const ports = await PortBlock.claim();
    const host = new Host();
    const layout = await layOut(() => ports.take(), new Map(), catalogueSizes);
    const parts = buildLab({
      ...{ host, layout, secrets: createSecrets(createPostgresAccess(host)), symbols: ["BTCUSDT"] },
      ...{ rttMs: 0, soloAfterMs: 2_000, nearest: homeRegion, rejoinDelayMs: 300, program: standIn },
      ...{ takePort: () => ports.take(), note: () => undefined },
    });
    const cells = new LabCells({ ...parts, versions: { postgres: "15.14", redis: "7.0.15" } });
    const [clusters] = await Promise.all([
      LabClusters.over(parts.regions, layout, cells),
      parts.network
        .start()
        .then(() => Promise.all(parts.regions.all.map((region) => region.startServices()))),
    ]);
    const aws = await startControlPlane({ port: 0, cells, clusters: clusters.known });
    return new TwoClusters({ parts, clusters, aws, edge: layout.edge }, [
      () => aws.close(),
      () => clusters.close(),
      () => cells.close(),
      () => parts.database.close(),
      () => parts.datastore.close(),
      () => parts.network.letGo(),
      () => parts.regions.all.forEach((region) => void region.letGo()),
      () => host.close(),
      () => ports.release(),
    ]);
  }

  eks(region: CellRegion): EKSClient {
    return new EKSClient({ region, endpoint: this.aws.url, credentials: labCredentials, maxAttempts: 1 });
  }

  /** As a runbook reaches it. */
  cluster(region: CellRegion): CellCluster {
    const { clusterName } = labIdentifiers().cell(region);
    return new CellCluster(this.eks(region), region, { name: clusterName, namespace: NAMESPACE }, "lab");
  }

  async stop(): Promise<void> {
    for (const close of this.#closing) await close();
  }
}
