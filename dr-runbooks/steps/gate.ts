import { minutes, seconds } from "@castle/regions/duration.ts";
import type { Gate } from "@castle/regions/role.ts";
import type { Approval } from "../engine/approval.ts";
import type { Finding, Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";
import { failure } from "./failure.ts";
import { nothingIsMissing } from "./replay-journal.ts";

/** Cancels first: whoever wants out of the market may go before anybody may trade. */
export const openCancelOnly: Step<Handover> = {
  name: "open-cancel-only",
  purpose: "Let traders cancel.",
  timeout: seconds(15),
  ifItFails: failure(
    "Everything is recovered and checked, and nobody can cancel or trade yet. Nothing is at risk but time.",
    [
      "Run the same command again: what is done is not done twice.",
      "Look at `castle status`: if the target's database is at a later epoch, somebody else has taken the role meanwhile, and this handover is over.",
      "Bring the target's database back if it does not answer.",
    ],
  ),
  // The promise itself, looked at once more before anybody is told anything.
  needs: "the target's database holds all that its journal does",
  precondition: nothingIsMissing,
  isDone: async (handover) => (await gateOf(handover)) !== "closed",
  run: ({ to, plan }) => to.cell.database.setGate(plan.epoch, "cancel-only"),
};

export const HOLD_BEFORE_OPEN = "hold-before-open";

/** For whoever wants to look at a cell that lets traders cancel before it lets them trade. */
export const holdBeforeOpen: Approval<Handover> = {
  name: HOLD_BEFORE_OPEN,
  purpose: "Let everybody trade, who can only cancel so far.",
  asks: async (handover) => {
    const { to, plan } = handover;
    const missing = await nothingIsMissing(handover);
    return {
      figures: [
        `The gate of ${to.region} is ${await gateOf(handover)} in epoch ${plan.epoch}, and every invariant held.`,
        missing === true ? "Nothing that the journal holds is missing." : `Something is missing: ${missing}.`,
      ],
    };
  },
  counts: minutes(30),
  word: () => "open",
  // It was asked for (--hold) so that somebody looks.
  ahead: false,
  when: { words: "it was asked for with --hold", holds: async ({ plan }) => plan.hold },
  ifItFails: failure(
    "Traders can cancel, and cannot place orders until somebody agrees. Nothing is at risk but time.",
    [
      "Look at what made you hold: the target's services, its edge, its ledger.",
      "Run the same command again, or `castle resume`: it asks again.",
    ],
  ),
};

/** The cell's /healthz/active turns green now, and with it the edge moves the traffic. */
export const open: Step<Handover> = {
  name: "open",
  purpose: "Open the target for trading.",
  timeout: seconds(15),
  ifItFails: failure("Traders can cancel, and cannot place orders yet. Nothing is at risk but time.", [
    "Run the same command again: what is done is not done twice.",
    "Look at the target's gate with `castle status`.",
    "Look at the edge if the gate is open and traders are still refused: the target's load balancer has to be healthy in its endpoint group, and the weight above 0.",
  ]),
  needs: "the target's database holds all that its journal does",
  precondition: nothingIsMissing,
  isDone: async (handover) => (await gateOf(handover)) === "open",
  run: ({ to, plan }) => to.cell.database.setGate(plan.epoch, "open"),
  verify: async (handover): Promise<Finding> => {
    const gate = await gateOf(handover);
    return gate === "open" || `the gate of ${handover.to.region} is ${gate}`;
  },
};

/** The target's gate in the handover's epoch; closed in any other. */
async function gateOf({ to, plan }: Handover): Promise<Gate> {
  const role = await to.cell.database.role();
  return role.epoch === plan.epoch && role.region === plan.to ? role.gate : "closed";
}
