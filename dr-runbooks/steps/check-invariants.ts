import { minutes } from "@castle/regions/duration.ts";
import { brokenInvariants } from "../cells/invariants.ts";
import type { Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";
import { failure } from "./failure.ts";

/** The database holds what it must not. */
export class InvariantsBroken extends Error {
  readonly broken: readonly string[];

  constructor(region: string, broken: readonly string[]) {
    super(
      `the database in ${region} breaks what must always hold; the gate stays closed. Find out why before anything is opened: ${broken.join("; ")}`,
    );
    this.name = "InvariantsBroken";
    this.broken = broken;
  }
}

export const CHECK_INVARIANTS = "check-invariants";

export const checkInvariants: Step<Handover> = {
  name: CHECK_INVARIANTS,
  purpose:
    "Check that no command is missing, that money is conserved, and that every balance is what was posted.",
  timeout: minutes(2),
  ifItFails: failure(
    "The target's database holds what must never be: a gap in a stream, money that does not add up, a balance below zero. The gate stays closed, so that no trade is built on it; nobody can trade anywhere.",
    [
      "Read the error, which names the streams, assets and accounts: `castle status` repeats it.",
      "Keep the evidence before anything is changed: `aws rds create-db-cluster-snapshot --db-cluster-identifier CLUSTER --db-cluster-snapshot-identifier NAME --region TARGET`.",
      "Call whoever owns the ledger; correct by new postings that two people agree on, never by changing what is posted.",
      "Run the same command again: it checks anew, and opens only when everything holds.",
      "Open no gate by hand.",
    ],
  ),
  run: async ({ to }) => {
    const broken = await brokenInvariants(to.cell.database.knex);
    if (broken.length > 0) throw new InvariantsBroken(to.region, broken);
  },
};
