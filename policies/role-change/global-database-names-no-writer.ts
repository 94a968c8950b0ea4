import { exceptPreview, type ResourceRule } from "../rule.ts";
import { changeSafely } from "./leaving/controls.ts";
import { leftAlone } from "./leaving/left-alone.ts";

const HANDED_OVER = ["sourceDbClusterIdentifier", "databaseName", "engineVersion"];

export const globalDatabaseNamesNoWriter: ResourceRule = {
  about: "resource",
  name: "global-database-names-no-writer",
  area: "role-change",
  severity: "critical",
  what: "What a handover or an upgrade changes of the global database, an update leaves alone.",
  why: "Its source reads back as the writer of now; asked again for the writer of before, an update replaces the global database.",
  remedy:
    "Name sourceDbClusterIdentifier, databaseName and engineVersion in the global cluster's ignoreChanges.",
  enforcement: exceptPreview,
  controls: changeSafely,
  types: ["aws:rds/globalCluster:GlobalCluster"],
  judge: (database) => leftAlone(database, HANDED_OVER),
  examples: {
    passing: { type: "aws:rds/globalCluster:GlobalCluster", props: {}, ignoreChanges: HANDED_OVER },
    failing: { type: "aws:rds/globalCluster:GlobalCluster", props: {}, ignoreChanges: ["engineVersion"] },
  },
};
