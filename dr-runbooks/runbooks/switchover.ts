import { defineRunbook } from "../engine/runbook.ts";
import type { Handover } from "../handover.ts";
import { awaitPaired } from "../steps/await-paired.ts";
import { checkInvariants } from "../steps/check-invariants.ts";
import { checkReady } from "../steps/check-ready.ts";
import { closeOldCell } from "../steps/close-old-cell.ts";
import { drain } from "../steps/drain.ts";
import { admitTargetEndpoint } from "../steps/edge-endpoints.ts";
import { enginesCatchUp } from "../steps/engines-catch-up.ts";
import { fenceOldCell } from "../steps/fence-old-cell.ts";
import { holdBeforeOpen, open, openCancelOnly } from "../steps/gate.ts";
import { promoteCache } from "../steps/promote-cache.ts";
import { switchDatabaseOver } from "../steps/promote-database.ts";
import { raiseDatabaseEpoch } from "../steps/raise-database-epoch.ts";
import { rebuildQueues } from "../steps/rebuild-queues.ts";
import { replayJournal } from "../steps/replay-journal.ts";
import { scaleUpFirst } from "../steps/scale-up.ts";
import { takeTheRole, takingTheRole } from "../steps/take-the-role.ts";
import { tellItBegins, tellItIsOpen } from "../steps/tell-everyone.ts";

export const switchover = defineRunbook<Handover>({
  name: "switchover",
  purpose:
    "Hand the active role to the target while both regions are well. Loses nothing; a failback is one.",
  parts: [
    checkReady,
    admitTargetEndpoint,
    scaleUpFirst,
    closeOldCell,
    drain,
    takeTheRole,
    fenceOldCell,
    { together: [[switchDatabaseOver, raiseDatabaseEpoch, replayJournal], [promoteCache], [tellItBegins]] },
    rebuildQueues,
    enginesCatchUp,
    checkInvariants,
    openCancelOnly,
    holdBeforeOpen,
    open,
    { together: [[awaitPaired], [tellItIsOpen]] },
  ],
  pointOfNoReturn: takingTheRole,
});
