import { control } from "../frameworks.ts";
import { exceptPreview, type ResourceRule } from "../rule.ts";

export const databasesLeaveAFinalSnapshot: ResourceRule = {
  about: "resource",
  name: "databases-leave-a-final-snapshot",
  area: "recovery",
  severity: "high",
  what: "A database that is deleted leaves a snapshot behind, under a name that is set.",
  why: "Automatic backups of an Aurora cluster go with it; a snapshot is what remains if the deletion was a mistake.",
  remedy: "Leave skipFinalSnapshot off and set finalSnapshotIdentifier.",
  enforcement: exceptPreview,
  controls: [control("dora", "Art. 12(1)"), control("iso27001", "A.8.13"), control("soc2", "A1.2")],
  types: ["aws:rds/cluster:Cluster", "aws:rds/instance:Instance"],
  judge: (database) => {
    if (database.value("skipFinalSnapshot") === true)
      return [{ resource: database, property: "skipFinalSnapshot", found: "on", wanted: "off" }];
    return database.text("finalSnapshotIdentifier")
      ? []
      : [{ resource: database, property: "finalSnapshotIdentifier", found: "none", wanted: "a name" }];
  },
  examples: {
    passing: {
      type: "aws:rds/instance:Instance",
      props: { skipFinalSnapshot: false, finalSnapshotIdentifier: "castle-journal-final" },
    },
    failing: { type: "aws:rds/instance:Instance", props: { skipFinalSnapshot: true } },
  },
};
