import { minutes } from "@castle/regions/duration.ts";
import { readWitness } from "../aws/calls.ts";
import { orUnreachable } from "../cells/reachable.ts";
import type { Finding, Step } from "../engine/step.ts";
import { awaited, isSo } from "../runbooks/operations/await.ts";
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
  isDone: (operation) => isSo(() => answers(operation)),
  run: (operation, at) => awaited(operation, REJOIN_CHECK, () => answers(operation), at),
};

async function answers({ cell }: Operation): Promise<Finding> {
  const { database, journal, cache } = cell.cell;
  const silent = await Promise.all([
    silence(`database in ${cell.region}`, database.isWriter()),
    silence(`journal in ${cell.region}`, journal.epoch()),
    silence(`cache in ${cell.region}`, cache.connected()),
  ]);
  return silent.flat().join("; ") || true;
}

/** Why it does not answer, in words; nothing when it does. */
async function silence(what: string, answer: Promise<unknown>): Promise<string[]> {
  const found = await orUnreachable(answer);
  if (typeof found !== "object" || found === null || !("unreachable" in found)) return [];
  return [`the ${what} does not answer (${String(found.unreachable)})`];
}
