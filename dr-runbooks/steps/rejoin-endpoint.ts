import { minutes } from "@castle/regions/duration.ts";
import { describeEndpoint, readWitness, updateEndpoint } from "../aws/calls.ts";
import { ADMITTED } from "../aws/edge-endpoint.ts";
import type { Finding, Step } from "../engine/step.ts";
import { type Operation, otherCellIsActive } from "../runbooks/operations/operation.ts";
import { failure } from "./failure.ts";

/** Health keeps traffic away from a standby. The weight only must not keep it away once the cell is active. */
export const rejoinEndpoint: Step<Operation> = {
  name: "rejoin-endpoint",
  purpose: "Give the cell's endpoint its weight back, so that a failover to it needs no control plane.",
  timeout: minutes(1),
  calls: [readWitness, describeEndpoint, updateEndpoint],
  ifItFails: failure(
    "The cell is standby in every respect, but the edge would send it nothing after a failover.",
    [
      "Run the command again.",
      `Set the endpoint's weight to ${ADMITTED} in Global Accelerator (its control plane is in us-west-2).`,
    ],
  ),
  isDone: async (operation) => (await isIn(operation)) === true,
  needs: "the witness still names the other cell, in the execution's epoch",
  precondition: otherCellIsActive,
  run: (operation) => operation.cell.endpoint.setWeight(ADMITTED),
  verify: isIn,
};

async function isIn({ cell }: Operation): Promise<Finding> {
  const weight = await cell.endpoint.weight();
  return (
    weight === ADMITTED ||
    `the endpoint of ${cell.region} ${weight === null ? "is out of its group" : `has weight ${weight}`}`
  );
}
