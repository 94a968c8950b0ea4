import { textWidth } from "./axes.ts";

export interface Flag {
  readonly x: number;
  readonly label: string;
  readonly kind: "fault" | "handover";
}

export interface PlacedFlag extends Flag {
  readonly lane: number;
  readonly anchor: "start" | "end";
}

/**
 * Puts every flag's label into the lowest lane where it covers no other; labels near the right edge face left. The
 * later flag gets the lower lane, so that its line, which runs down from its label, crosses no earlier label.
 */
export function placeFlags(flags: readonly Flag[], right: number): PlacedFlag[] {
  const taken: { from: number; to: number }[][] = [];
  return [...flags]
    .sort((a, b) => b.x - a.x)
    .map((flag) => {
      const width = textWidth(flag.label) + 16;
      const anchor = flag.x + width > right ? "end" : "start";
      const from = anchor === "start" ? flag.x : flag.x - width;
      const span = { from, to: from + width };
      const free = taken.findIndex((lane) =>
        lane.every((other) => span.to <= other.from || span.from >= other.to),
      );
      const lane = free === -1 ? taken.push([]) - 1 : free;
      taken[lane]?.push(span);
      return { ...flag, lane, anchor };
    });
}
