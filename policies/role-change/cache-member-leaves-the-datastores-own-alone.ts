import { exceptPreview, type ResourceRule } from "../rule.ts";
import { changeSafely } from "./leaving/controls.ts";
import { leftAlone } from "./leaving/left-alone.ts";

const CACHE = "aws:elasticache/replicationGroup:ReplicationGroup";
const DATASTORES = ["engineVersion", "nodeType", "parameterGroupName", "globalReplicationGroupId"];

export const cacheMemberLeavesTheDatastoresOwnAlone: ResourceRule = {
  about: "resource",
  name: "cache-member-leaves-the-datastores-own-alone",
  area: "role-change",
  severity: "high",
  what: "What the global datastore decides for its members, an update of one member leaves alone.",
  why: "AWS refuses to change version, node type or parameters of a single member, and to leave the datastore is to lose its data.",
  remedy:
    "Name engineVersion, nodeType, parameterGroupName and globalReplicationGroupId in the cache's ignoreChanges.",
  enforcement: exceptPreview,
  controls: changeSafely,
  types: [CACHE],
  judge: (cache) => leftAlone(cache, DATASTORES),
  examples: {
    passing: { type: CACHE, props: {}, ignoreChanges: DATASTORES },
    failing: { type: CACHE, props: {}, ignoreChanges: ["engineVersion"] },
  },
};
