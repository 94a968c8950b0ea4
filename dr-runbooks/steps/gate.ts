import { seconds } from "@castle/regions/duration.ts";
import type { Gate } from "@castle/regions/role.ts";
import type { Finding, Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";

/** Cancels first: whoever wants out of the market may go before anybody may trade. */
export const openCancelOnly: Step<Handover> = {
  name: "open-cancel-only",
  purpose: "Let traders cancel.",
  timeout: seconds(15),
  isDone: async (handover) => (await gateOf(handover)) !== "closed",
  run: ({ to, plan }) => to.cell.database.setGate(plan.epoch, "cancel-only"),
};

/** The cell's /healthz/active turns green now, and with it the edge moves the traffic. */
export const open: Step<Handover> = {
  name: "open",
  purpose: "Open the target for trading.",
  timeout: seconds(15),
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
