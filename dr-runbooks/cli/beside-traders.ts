import { type ExecutionEvent, isPrelude } from "../engine/event.ts";
import type { CellRegion, Target } from "../target.ts";
import type { TradersView } from "../traders/traders-view.ts";
import type { Display } from "./display.ts";

/**
 * Shows what traders meet in these cells from the first step of a run, or its first question, until its work is over; the
 * run knows nothing of it.
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
  const watching = Promise.withResolvers<TradersView | null>();
  let isBegun = false;
  const begin = async (): Promise<TradersView> => {
    const { TradersView } = await import("../traders/traders-view.ts");
    return new TradersView({ target, regions, tell: (told) => display.traders(told) });
  };
  try {
    return await work((event) => {
      display.show(event);
      if (isBegun || isPrelude(event)) return;
      isBegun = true;
      watching.resolve(begin());
    });
  } finally {
    watching.resolve(null);
    (await watching.promise)?.stop();
  }
}
