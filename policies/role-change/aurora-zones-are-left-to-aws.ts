import { everywhere, type ResourceRule } from "../rule.ts";
import { changeSafely } from "./leaving/controls.ts";

export const auroraZonesAreLeftToAws: ResourceRule = {
  about: "resource",
  name: "aurora-zones-are-left-to-aws",
  area: "role-change",
  severity: "high",
  what: "No Aurora cluster names its storage's zones.",
  why: "AWS makes three of however many are named and tells others after a handover: the difference would replace the cluster.",
  remedy: "Leave availabilityZones out of the cluster; place its instances by zone instead.",
  enforcement: everywhere,
  controls: changeSafely,
  types: ["aws:rds/cluster:Cluster"],
  judge: (cluster) =>
    cluster.has("availabilityZones")
      ? [{ resource: cluster, property: "availabilityZones", found: "named", wanted: "none" }]
      : [],
  examples: {
    passing: { type: "aws:rds/cluster:Cluster", props: { engine: "aurora-postgresql" } },
    failing: { type: "aws:rds/cluster:Cluster", props: { availabilityZones: ["eu-west-1a", "eu-west-1b"] } },
  },
};
