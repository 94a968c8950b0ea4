import type { Check } from "@castle/dr-runbooks/report/report.ts";
import type { TraderRecords } from "../traders/trader-records.ts";

/** Something a story has to look at besides the audit. Its name stands in the story's promises: not to look is a failure. */
export type Observation = Omit<Check, "judged" | "reason">;

/** What can only be said once the traders' records are complete. */
export type LaterObservation = (records: Pick<TraderRecords, "folder">) => Promise<Observation>;

export const observation = (name: string, seen: Omit<Observation, "name">): Observation => ({
  name,
  ...seen,
});

/** The promised observations: those that were not made count as failed. */
export const promised = (names: readonly string[], made: readonly Observation[]): Observation[] =>
  names.map(
    (name) =>
      made.find((one) => one.name === name) ?? {
        name,
        wanted: "looked at",
        found: "the story did not get there",
        ok: false,
      },
  );

/** What may be lost, because somebody consented to losing it. Moments in milliseconds since 1970. */
export interface GivenUp {
  /** Commands at most, as told before the consent. */
  readonly atMost: number;
  /** What was told of orders, fills and depth within may not hold any more. */
  readonly from: number;
  readonly to: number;
}
