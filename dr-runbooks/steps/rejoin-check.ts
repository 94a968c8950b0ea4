import { minutes } from "@castle/regions/duration.ts";
import { readWitness } from "../aws/calls.ts";
import { orUnreachable } from "../cells/reachable.ts";
import type { Finding, Step } from "../engine/step.ts";
import { awaited } from "../runbooks/operations/await.ts";
import type { Operation } from "../runbooks/operations/operation.ts";
import { failure } from "./failure.ts";

export const REJOIN_CHECK = "rejoin-check";

export const rejoinCheck: Step<Operation> = {
  name: REJOIN_CHECK,
  purpose: "See that the other cell holds the role, and that this one's database, journal and cache answer.",
  timeout: minutes(15),
  calls: [readWitness],
  ifItFails: failure("The cell does not answer yet, or the role has moved. Nothing was changed.", [
    "See with castle status what does not answer.",
    "Bring that back, or wait for AWS to; then run the command again.",
  ]),
  run: (operation, at) => awaited(operation, REJOIN_CHECK, () => answers(operation), at),
};

async function answers({ cell }: Operation): Promise<Finding> {
  const asked = {
    database: cell.cell.database.isWriter(),
    journal: cell.cell.journal.epoch(),
    cache: cell.cell.cache.connected(),
  };
  const silent: string[] = [];
  for (const [what, answer] of Object.entries(asked)) {
    const found = await orUnreachable<unknown>(answer);
    if (typeof found === "object" && found !== null && "unreachable" in found)
      silent.push(`the ${what} in ${cell.region} does not answer (${String(found.unreachable)})`);
  }
  return silent.length === 0 || silent.join("; ");
}
