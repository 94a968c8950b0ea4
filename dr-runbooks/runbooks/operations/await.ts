import { type Duration, milliseconds } from "@castle/regions/duration.ts";
import { interruption } from "../../engine/interrupted.ts";
import { until } from "../../engine/poll.ts";
import type { At, Finding } from "../../engine/step.ts";
import { isTransient } from "../../engine/transient.ts";
import { type Operation, otherCellIsActive } from "./operation.ts";

/** A cell that comes back takes minutes on AWS; its control planes are asked seldom. */
const LOOK_EVERY: Duration = milliseconds(250);

/**
 * Waits until the finding is `true`. Ends at once when the operator stops, when
 * the role moves, and on an error that does not pass by itself.
 */
export async function awaited(
  operation: Operation,
  step: string,
  look: () => Promise<Finding>,
  at: At,
): Promise<void> {
  await until(
    async () => {
      if (operation.stop.aborted) throw interruption(operation.stop, `${step} was done`);
      await otherCellIsActive(operation);
      return findingOf(look);
    },
    at,
    LOOK_EVERY,
  );
}

/** What a server that is being started, rewound or rebuilt answers is no failure: it is what is waited for. */
async function findingOf(look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    if (!isTransient(error) || !(error instanceof Error)) throw error;
    return error.message === "" ? error.name : error.message;
  }
}

/** Whether what is waited for is so already: what cannot be seen yet is not. */
export const isSo = async (look: () => Promise<Finding>): Promise<boolean> =>
  (await findingOf(look)) === true;
