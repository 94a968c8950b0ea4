import { cellRegions, type RegionName } from "@castle/regions/catalogue.ts";
import type { ControlledCells, EndpointState } from "../aws/cells.ts";
import type { Cluster, Clusters } from "../aws/clusters.ts";
import { labIdentifiers } from "../aws/identifiers.ts";
import { repositoryOf } from "../cells/lab-holdings.ts";
import { PerCell } from "../cells/per-cell.ts";
import type { LabLayout } from "../layout.ts";
import type { LabRegion } from "../region.ts";
import { kubernetesApi } from "./api.ts";
import { ownCertificate } from "./certificate.ts";
import type { NodeGroup } from "./node-group.ts";
import { type Served, serveKubernetes } from "./serve.ts";
import type { Workload } from "./workload.ts";

/** What EKS supports in standard support at the time of writing. */
const VERSION = "1.34";

export interface ClusterOptions {
  /** Of the cluster's API, on loopback; 0 for any. */
  readonly port: (region: RegionName) => number;
  readonly workload: (region: RegionName) => Workload;
  readonly nodes: (region: RegionName) => NodeGroup;
  readonly endpointState: (region: RegionName) => EndpointState;
  /** Told of every request. */
  readonly asked?: (region: RegionName, operation: string) => void;
}

/** The Kubernetes clusters of both cells, each with its API. */
export class LabClusters {
  readonly #clusters: PerCell<Cluster>;
  readonly #served: readonly Served[];

  private constructor(clusters: PerCell<Cluster>, served: readonly Served[]) {
    this.#clusters = clusters;
    this.#served = served;
  }

  /** Over the lab's real processes. @throws Error when a port is taken */
  static over(
    regions: PerCell<LabRegion>,
    layout: LabLayout,
    cells: Pick<ControlledCells, "endpointState">,
  ): Promise<LabClusters> {
    return LabClusters.start({
      port: (region) => layout.cells.in(region).kubernetes,
      workload: (region) => regions.in(region).deployments,
      nodes: (region) => regions.in(region).deployments.nodeGroup,
      endpointState: (region) => cells.endpointState(region),
    });
  }

  /** @throws Error when a port is taken */
  static async start(options: ClusterOptions): Promise<LabClusters> {
    const served: Served[] = [];
    const { account, cell } = labIdentifiers();
    const clusters = await PerCell.prepare(async (region): Promise<Cluster> => {
      const name = cell(region).clusterName;
      const certificate = ownCertificate(name);
      const cluster = {
        ...{ name, version: VERSION, createdAt: new Date(), nodes: options.nodes(region) },
        certificateAuthority: certificate.certificate,
      };
      const api = kubernetesApi({
        workload: options.workload(region),
        asked: (operation) => options.asked?.(region, operation),
        version: () => made.version,
        imageName: (service) => `${account}.dkr.ecr.${region}.amazonaws.com/${repositoryOf(service)}`,
      });
      const endpointState = (): EndpointState => options.endpointState(region);
      const at = await serveKubernetes({
        region,
        port: options.port(region),
        certificate,
        api,
        endpointState,
      });
      served.push(at);
      const made: Cluster = { ...cluster, endpoint: at.url };
      return made;
    });
    return new LabClusters(clusters, served);
  }

  /** As EKS knows them. */
  readonly known: Clusters = (region) =>
    cellRegions.some((cell) => cell === region) ? this.#clusters.in(region) : null;

  in(region: RegionName): Cluster {
    return this.#clusters.in(region);
  }

  async close(): Promise<void> {
    await Promise.all(this.#served.map((served) => served.close()));
  }
}
