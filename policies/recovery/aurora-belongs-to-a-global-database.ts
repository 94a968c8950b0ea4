import { control } from "../frameworks.ts";
import { exceptPreview, type ResourceRule } from "../rule.ts";

export const auroraBelongsToAGlobalDatabase: ResourceRule = {
  about: "resource",
  name: "aurora-belongs-to-a-global-database",
  area: "recovery",
  severity: "critical",
  what: "An Aurora cluster is a member of a global database from its birth.",
  why: "A cluster that stands alone has no copy in the other region to promote, and joining later means to build it anew.",
  remedy: "Set globalClusterIdentifier on the cluster.",
  enforcement: exceptPreview,
  controls: [
    control("dora", "Art. 12(1)"),
    control("iso22301", "8.3"),
    control("soc2", "A1.2"),
    control("iso27001", "A.8.14"),
  ],
  types: ["aws:rds/cluster:Cluster"],
  judge: (cluster) =>
    cluster.text("globalClusterIdentifier")
      ? []
      : [
          {
            resource: cluster,
            property: "globalClusterIdentifier",
            found: "none",
            wanted: "the platform's global database",
          },
        ],
  examples: {
    passing: { type: "aws:rds/cluster:Cluster", props: { globalClusterIdentifier: "castle-production" } },
    failing: { type: "aws:rds/cluster:Cluster", props: { engine: "aurora-postgresql" } },
  },
};
