import type { Alarm } from "./alarm.ts";
import { edgeAlarms } from "./edge-alarms.ts";
import { followingAlarms, servicesAlarms } from "./replication-alarms.ts";
import { cacheAlarms, databaseAlarms, journalAlarms } from "./store-alarms.ts";
import type { Subjects } from "./subjects.ts";

/**
 * Every alarm of a cell. They are the same whichever role it has: each follows the role by what there is to measure in
 * it. Pure.
 */
export const alarmsOf = (subjects: Subjects): readonly Alarm[] => [
  ...edgeAlarms(subjects),
  ...servicesAlarms(subjects),
  ...followingAlarms(subjects),
  ...databaseAlarms(subjects),
  ...journalAlarms(subjects),
  ...cacheAlarms(subjects),
];
