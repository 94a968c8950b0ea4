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
