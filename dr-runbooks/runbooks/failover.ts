import { defineRunbook } from "../engine/runbook.ts";
import type { Handover } from "../handover.ts";
import { checkInvariants } from "../steps/check-invariants.ts";
import { consentPastTheFence, consentToLoss } from "../steps/consent-to-loss.ts";
import { admitTargetEndpointAfterwards, pinOldEndpoint } from "../steps/edge-endpoints.ts";
import { enginesCatchUp } from "../steps/engines-catch-up.ts";
import { fenceOldCell } from "../steps/fence-old-cell.ts";
import { holdBeforeOpen, open, openCancelOnly } from "../steps/gate.ts";
import { promoteCache } from "../steps/promote-cache.ts";
import { promoteDatabase } from "../steps/promote-database.ts";
import { raiseDatabaseEpoch } from "../steps/raise-database-epoch.ts";
import { rebuildQueues } from "../steps/rebuild-queues.ts";
import { replayJournal } from "../steps/replay-journal.ts";
import { scaleUp } from "../steps/scale-up.ts";
import { takeTheRole, takingTheRole } from "../steps/take-the-role.ts";
import { tellItBegins, tellItIsOpen } from "../steps/tell-everyone.ts";

export const failover = defineRunbook<Handover>({
  name: "failover",
  purpose:
    "Hand the active role to the target when the active region is lost. Needs nothing of the lost region.",
  parts: [
    consentToLoss,
    takeTheRole,
    fenceOldCell,
    consentPastTheFence,
    {
      together: [
        [promoteDatabase, raiseDatabaseEpoch, replayJournal],
        [promoteCache],
        [scaleUp],
        [tellItBegins],
      ],
    },
    rebuildQueues,
    enginesCatchUp,
    checkInvariants,
    openCancelOnly,
    holdBeforeOpen,
    open,
    { together: [[admitTargetEndpointAfterwards], [pinOldEndpoint], [tellItIsOpen]] },
  ],
  pointOfNoReturn: takingTheRole,
});
