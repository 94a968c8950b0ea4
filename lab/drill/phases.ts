import type { Handover } from "@castle/dr-runbooks/report/report.ts";

export interface PhaseCut {
  readonly phase: string;
  /** When the phase was over, in milliseconds since the first request of the load. */
  readonly endMs: number;
}

/**
 * Spans that follow one another from `startMs` to `trafficBackMs` without a gap, so that they add up to what traders
 * waited. What a cut lays before the phase in front of it, or behind the traffic's return, counts for nothing: steps run
 * beside each other, and some still run when traders are served again.
 */
export function phasesMs(
  startMs: number,
  cuts: readonly PhaseCut[],
  trafficBackMs: number,
): Handover["phasesMs"] {
  const phases: Record<string, number> = {};
  let at = startMs;
  for (const { phase, endMs } of [...cuts, { phase: "traffic returns", endMs: trafficBackMs }]) {
    const end = Math.max(at, Math.min(endMs, trafficBackMs));
    phases[phase] = (phases[phase] ?? 0) + Math.round((end - at) * 10) / 10;
    at = end;
  }
  return phases;
}

/** The phases of each handover, in order, with the steps that belong to each. Steps that traders do not wait for are left out. */
export const handoverPhases: Readonly<
  Record<Handover["kind"], readonly { readonly phase: string; readonly steps: readonly string[] }[]>
> = {
  failover: [
    { phase: "fence", steps: ["take-the-role", "fence-old-cell"] },
    { phase: "promote", steps: ["promote-database", "raise-database-epoch"] },
    { phase: "replay", steps: ["replay-journal"] },
    { phase: "rebuild", steps: ["promote-cache", "rebuild-queues", "engines-catch-up"] },
    { phase: "check and open", steps: ["check-invariants", "open-cancel-only", "open"] },
  ],
  switchover: [
    { phase: "prepare", steps: ["check-ready", "admit-target-endpoint", "scale-up"] },
    { phase: "drain", steps: ["close-old-cell", "drain"] },
    { phase: "fence", steps: ["take-the-role", "fence-old-cell"] },
    { phase: "promote", steps: ["switch-database-over", "raise-database-epoch"] },
    { phase: "replay", steps: ["replay-journal"] },
    { phase: "rebuild", steps: ["promote-cache", "rebuild-queues", "engines-catch-up"] },
    { phase: "check and open", steps: ["check-invariants", "open-cancel-only", "open"] },
  ],
};

/** Where each phase ended: with the last of its steps. A phase none of whose steps ran is left out. */
export function cutsOf(kind: Handover["kind"], steps: Handover["steps"]): PhaseCut[] {
  return handoverPhases[kind].flatMap(({ phase, steps: names }) => {
    const ends = steps.filter(({ name }) => names.includes(name)).map(({ endMs }) => endMs);
    return ends.length > 0 ? [{ phase, endMs: Math.max(...ends) }] : [];
  });
}
