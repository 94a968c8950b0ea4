import type { MachineWatch } from "../machine/watch.ts";
import type { DrillEvent } from "./chronicle.ts";

/**
 * Has the machine's accounts read where a part of the story begins and ends, so that no part is charged for its neighbour,
 * and adds to its end who used the machine meanwhile.
 */
export const watchedEvents =
  (watch: Pick<MachineWatch, "sample" | "recent">, onEvent: (event: DrillEvent) => void) =>
  (event: DrillEvent): void => {
    const ends = event.kind === "act-ended";
    if (ends || event.kind === "act-started") watch.sample();
    const cpu = ends ? watch.recent(event.tookMs)?.cpu : null;
    onEvent(ends && cpu ? { ...event, use: { castle: cpu.castle, others: cpu.others } } : event);
  };
