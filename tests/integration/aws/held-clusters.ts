import type { Cluster, Clusters } from "@castle/lab/aws/clusters.ts";
import { labIdentifiers } from "@castle/lab/aws/identifiers.ts";
import { NodeGroup } from "@castle/lab/kubernetes/node-group.ts";
import { cellRegions } from "@castle/regions/catalogue.ts";

/** Clusters as plain data: nothing listens at their endpoints. */
export function heldClusters(): Clusters {
  const made = new Map<string, Cluster>(
    cellRegions.map((region) => [
      region,
      {
        ...{ name: labIdentifiers().cell(region).clusterName, endpoint: "https://127.0.0.1:1" },
        ...{ certificateAuthority: "an authority", version: "1.34", createdAt: new Date(1e12) },
        nodes: new NodeGroup(region),
      },
    ]),
  );
  return (region) => made.get(region) ?? null;
}
