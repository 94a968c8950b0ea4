import { exceptPreview, type ResourceRule } from "../rule.ts";
import { changeSafely } from "./leaving/controls.ts";
import { leftAlone } from "./leaving/left-alone.ts";

const DATASTORE = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup";

export const globalDatastoreForgetsItsFirstPrimary: ResourceRule = {
  about: "resource",
  name: "global-datastore-forgets-its-first-primary",
  area: "role-change",
  severity: "critical",
  what: "Which cache is the primary, an update of the global datastore leaves alone.",
  why: "The property reads back as the primary of now, and a difference in it replaces the datastore.",
  remedy: "Name primaryReplicationGroupId in the datastore's ignoreChanges.",
  enforcement: exceptPreview,
  controls: changeSafely,
  types: [DATASTORE],
  judge: (datastore) => leftAlone(datastore, ["primaryReplicationGroupId"]),
  examples: {
    passing: { type: DATASTORE, props: {}, ignoreChanges: ["primaryReplicationGroupId"] },
    failing: { type: DATASTORE, props: {} },
  },
};
