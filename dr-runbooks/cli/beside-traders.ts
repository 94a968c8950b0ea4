import type { ExecutionEvent } from "../engine/event.ts";
import type { CellRegion, Target } from "../target.ts";
import { TradersView } from "../traders/traders-view.ts";
import type { Display } from "./display.ts";

/**
 * Shows what traders meet in these cells from the first event of a run until its work is over; the run knows nothing of
 * it.
 * @param work is given what its events are told to
 */
export async function besideTraders<Result>(
  shown: {
    readonly target: Pick<Target, "cells">;
    readonly regions: readonly CellRegion[];
    readonly display: Pick<Display, "show" | "traders">;
  },
  work: (onEvent: (event: ExecutionEvent) => void) => Promise<Result>,
): Promise<Result> {
  const { target, regions, display } = shown;
  let view: TradersView | null = null;
  try {
    return await work((event) => {
      display.show(event);
      view ??= new TradersView({ target, regions, tell: (told) => display.traders(told) });
    });
  } finally {
    // Set by a callback, of which the compiler knows nothing.
    (view as TradersView | null)?.stop();
  }
}
