import { defineRunbook } from "../engine/runbook.ts";
import { isolateDatabase, isolateWriters } from "../steps/isolate-database.ts";
import { isolateEndpoint } from "../steps/isolate-endpoint.ts";
import { ISOLATE_FENCE, isolateFence } from "../steps/isolate-fence.ts";
import { isolateOwnJournal } from "../steps/isolate-own-journal.ts";
import type { Operation } from "./operations/operation.ts";

export const isolate = defineRunbook<Operation>({
  name: "isolate",
  purpose:
    "Take out the cell that does not hold the role, before it comes back by itself. Everything behind the fence is best effort: the cell may be lost.",
  parts: [
    isolateFence,
    { together: [[isolateWriters, isolateDatabase], [isolateOwnJournal], [isolateEndpoint]] },
  ],
  // Nothing of it is ever taken back by a failure: a cell half taken out is safer than one let in again.
  pointOfNoReturn: { step: ISOLATE_FENCE, notPassedWhen: () => false },
});
