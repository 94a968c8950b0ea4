import { auroraBelongsToAGlobalDatabase } from "./recovery/aurora-belongs-to-a-global-database.ts";
import { cacheBelongsToAGlobalDatastore } from "./recovery/cache-belongs-to-a-global-datastore.ts";
import { databasesKeepBackups } from "./recovery/databases-keep-backups.ts";
import { databasesLeaveAFinalSnapshot } from "./recovery/databases-leave-a-final-snapshot.ts";
import { globalDatabaseHasAMemberInEachCell } from "./recovery/global-database-has-a-member-in-each-cell.ts";
import { journalSurvivesAZone } from "./recovery/journal-survives-a-zone.ts";
import { storesRefuseDeletion } from "./recovery/stores-refuse-deletion.ts";
import { witnessRecoversToAnyPoint } from "./recovery/witness-recovers-to-any-point.ts";
import type { Rule } from "./rule.ts";

/** Every rule there is. */
export const rules: readonly Rule[] = [
  auroraBelongsToAGlobalDatabase,
  cacheBelongsToAGlobalDatastore,
  databasesKeepBackups,
  databasesLeaveAFinalSnapshot,
  globalDatabaseHasAMemberInEachCell,
  journalSurvivesAZone,
  storesRefuseDeletion,
  witnessRecoversToAnyPoint,
];
