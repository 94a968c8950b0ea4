import { exceptPreview, type ResourceRule } from "../rule.ts";
import { changeSafely } from "./leaving/controls.ts";

export const whatChangesRolesIsProtected: ResourceRule = {
  about: "resource",
  name: "what-changes-roles-is-protected",
  area: "role-change",
  severity: "critical",
  what: "Members of global stores, the stores themselves, the journal, the witness's table and the edge are protected in Pulumi.",
  why: "After a handover the program may ask to replace one of them, and a replaced store is an empty one: Pulumi must refuse.",
  remedy: "Set protect on the resource.",
  enforcement: exceptPreview,
  controls: changeSafely,
  types: [
    "aws:rds/cluster:Cluster",
    "aws:rds/clusterInstance:ClusterInstance",
    "aws:rds/globalCluster:GlobalCluster",
    "aws:rds/instance:Instance",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
    "aws:dynamodb/table:Table",
    "aws:globalaccelerator/accelerator:Accelerator",
    "aws:globalaccelerator/listener:Listener",
    "aws:globalaccelerator/endpointGroup:EndpointGroup",
  ],
  judge: (resource) =>
    resource.facts.protect ? [] : [{ resource, property: "protect", found: "off", wanted: "on" }],
  examples: {
    passing: { type: "aws:rds/cluster:Cluster", props: {}, protect: true },
    failing: { type: "aws:rds/cluster:Cluster", props: {} },
  },
};
