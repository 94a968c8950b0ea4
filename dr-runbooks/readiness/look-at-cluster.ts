import type { CellCluster, ClusterFacts, NodegroupFacts } from "../kubernetes/cluster.ts";
import type { Deployment, Node, Pod } from "../kubernetes/objects.ts";
import { named } from "./named.ts";

/** What one look sees of a cell's cluster. */
export interface ClusterLook extends Pick<CellCluster, "sizes"> {
  facts(): Promise<ClusterFacts>;
  deployments(): Promise<readonly Deployment[]>;
  pods(): Promise<readonly Pod[]>;
  nodes(): Promise<readonly Node[]>;
  nodegroups(): Promise<readonly NodegroupFacts[]>;
}

type Once = <Found>(what: string, see: () => Promise<Found>) => Promise<Found>;

/** Each thing is asked for once, and who did not answer is named. */
export function lookAtCluster(cluster: CellCluster, region: string, once: Once): ClusterLook {
  const seen = <Found>(what: string, who: string, see: () => Promise<Found>): Promise<Found> =>
    once(`${what} ${region}`, () => named(`${who} in ${region}`, see()));
  return {
    sizes: cluster.sizes,
    facts: () => seen("cluster", "EKS", () => cluster.describe()),
    nodegroups: () => seen("nodegroups", "EKS", () => cluster.nodegroups()),
    deployments: () => seen("deployments", "Kubernetes", () => cluster.deployments()),
    pods: () => seen("pods", "Kubernetes", () => cluster.pods()),
    nodes: () => seen("nodes", "Kubernetes", () => cluster.nodes()),
  };
}
