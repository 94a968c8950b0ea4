import { seconds } from "@castle/regions/duration.ts";
import { describeEndpoint, readWitness, updateEndpoint } from "../aws/calls.ts";
import { PINNED } from "../aws/edge-endpoint.ts";
import type { Finding, Step } from "../engine/step.ts";
import { type Operation, otherCellIsActive } from "../runbooks/operations/operation.ts";
import { failure } from "./failure.ts";

/** With weight 0 it gets no traffic, however healthy it says it is. */
export const isolateEndpoint: Step<Operation> = {
  name: "isolate-endpoint",
  purpose: "Set the cell's endpoint weight to 0, so that the edge sends nothing there.",
  timeout: seconds(15),
  bestEffort: true,
  calls: [readWitness, describeEndpoint, updateEndpoint],
  ifItFails: failure(
    "The edge may send traffic to the cell, should it say that it is healthy. It acknowledges nothing: it is fenced.",
    [
      "Run the command again.",
      "Set the endpoint's weight to 0 in Global Accelerator (its control plane is in us-west-2).",
    ],
  ),
  isDone: async (operation) => (await isOut(operation)) === true,
  // Not the endpoint of a cell that was given the role meanwhile: this write carries no epoch.
  needs: "the witness still names the other cell, in the execution's epoch",
  precondition: otherCellIsActive,
  run: (operation) => operation.cell.endpoint.setWeight(PINNED),
  verify: isOut,
};

/** An endpoint taken out of its group gets nothing either. */
async function isOut({ cell }: Operation): Promise<Finding> {
  const weight = (await cell.endpoint.weight()) ?? PINNED;
  return weight === PINNED || `the endpoint of ${cell.region} has weight ${weight}`;
}
