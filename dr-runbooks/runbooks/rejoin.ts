import { defineRunbook } from "../engine/runbook.ts";
import { rejoinCache } from "../steps/rejoin-cache.ts";
import { REJOIN_CHECK, rejoinCheck } from "../steps/rejoin-check.ts";
import { rejoinDatabase } from "../steps/rejoin-database.ts";
import { rejoinEndpoint } from "../steps/rejoin-endpoint.ts";
import { rejoinJournal } from "../steps/rejoin-journal.ts";
import { rejoinPaired } from "../steps/rejoin-paired.ts";
import type { Operation } from "./operations/operation.ts";

export const rejoin = defineRunbook<Operation>({
  name: "rejoin",
  purpose:
    "Bring a cell that was isolated, or lost, back as standby: wait until it follows and both cells are paired, then let the edge know it again.",
  parts: [
    rejoinCheck,
    { together: [[rejoinDatabase], [rejoinCache]] },
    rejoinJournal,
    rejoinPaired,
    rejoinEndpoint,
  ],
  // It waits, and changes one weight in the end: nothing is to be taken back.
  pointOfNoReturn: { step: REJOIN_CHECK, notPassedWhen: () => false },
});
