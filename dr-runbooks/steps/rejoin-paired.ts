import { minutes } from "@castle/regions/duration.ts";
import { readWitness } from "../aws/calls.ts";
import type { Finding, Step } from "../engine/step.ts";
import { awaited, isSo } from "../runbooks/operations/await.ts";
import type { Operation } from "../runbooks/operations/operation.ts";
import { failure } from "./failure.ts";

const NAME = "rejoin-paired";

export const rejoinPaired: Step<Operation> = {
  name: NAME,
  purpose: "Wait until the witness says paired: every acknowledged command is durable in both regions again.",
  timeout: minutes(15),
  calls: [readWitness],
  ifItFails: failure("The active cell still acknowledges alone: what it acknowledges is lost if it is.", [
    "Read the log of the active cell's matching engine: it says what keeps it from pairing.",
    "Run the command again.",
  ]),
  isDone: (operation) => isSo(() => isPaired(operation)),
  run: (operation, at) => awaited(operation, NAME, () => isPaired(operation), at),
};

async function isPaired({ witness }: Operation): Promise<Finding> {
  const { epoch, mode } = await witness.read();
  return mode === "paired" || `epoch ${epoch} is ${mode} still`;
}
