import { minutes } from "@castle/regions/duration.ts";
import { brokenInvariants } from "../cells/invariants.ts";
import type { Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";

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

export const checkInvariants: Step<Handover> = {
  name: "check-invariants",
  purpose:
    "Check that no command is missing, that money is conserved, and that every balance is what was posted.",
  timeout: minutes(2),
  run: async ({ to }) => {
    const broken = await brokenInvariants(to.cell.database.knex);
    if (broken.length > 0) throw new InvariantsBroken(to.region, broken);
  },
};
