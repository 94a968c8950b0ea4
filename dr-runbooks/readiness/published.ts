import { promoteCache } from "../steps/promote-cache.ts";
import { promoteDatabase } from "../steps/promote-database.ts";

/** What AWS says its own part of a failover takes, by the step that waits for it. */
export const published: Readonly<
  Record<string, { readonly seconds: number; readonly told: string; readonly source: string }>
> = {
  [promoteDatabase.name]: {
    // "In the order of minutes" is all that is promised; two is the least that the plural allows.
    seconds: 120,
    told: "Aurora: minutes, read as 2",
    source:
      "Aurora User Guide, Using switchover or failover in Amazon Aurora Global Database: RTO can be in the order of minutes",
  },
  [promoteCache.name]: {
    seconds: 60,
    told: "ElastiCache: 1 minute",
    source: "AWS disaster recovery workshop, ElastiCache Global Datastore: RTO 1 minute",
  },
};
