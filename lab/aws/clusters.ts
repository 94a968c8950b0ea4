import type { RegionName } from "@castle/regions/catalogue.ts";
import type { NodeGroup } from "../kubernetes/node-group.ts";

/** A cell's Kubernetes cluster, as EKS knows it. */
export interface Cluster {
  readonly name: string;
  /** Of its API. */
  readonly endpoint: string;
  /** PEM of the authority that vouches for the endpoint. */
  readonly certificateAuthority: string;
  /** `1.34`; another one once somebody has upgraded this cluster alone. */
  version: string;
  readonly createdAt: Date;
  readonly nodes: NodeGroup;
}

/** The clusters of the cells; null in a region without one. */
export type Clusters = (region: RegionName) => Cluster | null;

export const noClusters: Clusters = () => null;
