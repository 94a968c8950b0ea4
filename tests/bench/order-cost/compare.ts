import type { WindowFigures } from "@castle/lab/traders/windows.ts";
import type { MachineShares } from "./machine-time.ts";
import type { Measured } from "./measure.ts";

/** Castle may cost so many times what the reference does, at most: by requests a second. */
export const limits: ReadonlyMap<number, number> = new Map([
  [500, 2],
  [1_000, 1.7],
]);

/** What `--json` prints for each rate. Milliseconds are of CPU time, but for the two p99. */
export interface Comparison {
  readonly rps: number;
  /** Of commands, from when each was due; null when none was answered. */
  readonly p99Ms: number | null;
  readonly referenceP99Ms: number | null;
  /** For each acknowledged command, of all processes; null when none was acknowledged. */
  readonly castleMsPerOrder: number | null;
  readonly referenceMsPerOrder: number | null;
  readonly ratio: number | null;
  /** castleMsPerOrder, by process: the largest first. Empty when nothing was acknowledged. */
  readonly byProcess: Readonly<Record<string, number>>;
  readonly referenceByProcess: Readonly<Record<string, number>>;
  /** Commands acknowledged within the window: what CPU times are divided by. */
  readonly acknowledged: number;
  readonly referenceAcknowledged: number;
  /** What became of the requests that were due in the window. */
  readonly requests: WindowFigures;
  readonly referenceRequests: WindowFigures;
  /** Whether Castle answered (nearly) all that it was sent, as fast as it was sent. */
  readonly served: boolean;
  /** The same of the reference: where it is false, the machine was too busy for a comparison. */
  readonly referenceServed: boolean;
  /** The most that `ratio` should be; null for a rate that has no limit. */
  readonly limit: number | null;
  readonly machine: MachineShares;
  readonly referenceMachine: MachineShares;
  /** What to know before believing the figures. */
  readonly notes: readonly string[];
}

/** Of the requests of the window: so many must have come to a good end within it. */
const LEAST_COMPLETED = 0.97;
const MOST_ERRORS = 0.01;
/** Other people's processes may hold so much of the machine before a note says that it was not idle: %. */
const MOST_OTHERS = 10;

export function compare(castle: Measured, reference: Measured): Comparison {
  const castleMsPerOrder = msPerOrder(castle);
  const referenceMsPerOrder = msPerOrder(reference);
  return {
    rps: castle.rps,
    p99Ms: rounded(castle.requests.latencyMs?.p99 ?? null, 1),
    referenceP99Ms: rounded(reference.requests.latencyMs?.p99 ?? null, 1),
    castleMsPerOrder: rounded(castleMsPerOrder, 3),
    referenceMsPerOrder: rounded(referenceMsPerOrder, 3),
    ratio:
      castleMsPerOrder === null || referenceMsPerOrder === null
        ? null
        : rounded(castleMsPerOrder / referenceMsPerOrder, 2),
    byProcess: byProcess(castle),
    referenceByProcess: byProcess(reference),
    acknowledged: castle.acknowledged,
    referenceAcknowledged: reference.acknowledged,
    requests: castle.requests,
    referenceRequests: reference.requests,
    served: shortfall(castle) === null,
    referenceServed: shortfall(reference) === null,
    limit: limits.get(castle.rps) ?? null,
    machine: castle.machine,
    referenceMachine: reference.machine,
    notes: [...notes("Castle", castle), ...notes("the reference", reference)],
  };
}

/** Why the rate is not within its limit, in words; null when it is, or has none. */
export function excess({ rps, ratio, limit, served, referenceServed }: Comparison): string | null {
  if (limit === null) return null;
  if (!referenceServed)
    return `at ${rps} requests a second not even the reference kept up: the machine is too busy to judge`;
  if (!served) return `${rps} requests a second were not served`;
  if (ratio === null) return `at ${rps} requests a second there is no ratio`;
  return ratio > limit
    ? `at ${rps} requests a second the ratio is ${ratio}, at most ${limit} is wanted`
    : null;
}

/** What of the load was not served, in words; null when all of it was. */
export function shortfall({ rps, windowMs, completed, requests }: Measured): string | null {
  const perSecond = Math.round(completed / (windowMs / 1_000));
  if (perSecond < rps * LEAST_COMPLETED) return `only ${perSecond} of ${rps} requests a second were answered`;
  if (requests.errors > requests.sent * MOST_ERRORS)
    return `${requests.errors} of ${requests.sent} requests had no usable answer at first`;
  return null;
}

const msPerOrder = ({ cpuMs, acknowledged }: Measured): number | null =>
  acknowledged === 0 ? null : [...cpuMs.values()].reduce((sum, ms) => sum + ms, 0) / acknowledged;

function byProcess({ cpuMs, acknowledged }: Measured): Record<string, number> {
  if (acknowledged === 0) return {};
  const largestFirst = [...cpuMs].sort(([, a], [, b]) => b - a);
  return Object.fromEntries(largestFirst.map(([name, ms]) => [name, rounded(ms / acknowledged, 3)]));
}

function notes(path: string, measured: Measured): string[] {
  const { restarted, unreadable, machine } = measured;
  const missing = shortfall(measured);
  return [
    ...(missing === null ? [] : [`${path}: not served: ${missing}`]),
    ...(restarted.length === 0 ? [] : [`${path}: started or ended meanwhile: ${restarted.join(", ")}`]),
    ...(unreadable[0] === undefined ? [] : [`${path}: an answer could not be read: ${unreadable[0]}`]),
    ...(machine.others + machine.stolen <= MOST_OTHERS
      ? []
      : [
          `${path}: others held ${Math.round(machine.others + machine.stolen)} % of a core: latencies say little, and CPU times may be a little high`,
        ]),
  ];
}

const rounded = <Value extends number | null>(value: Value, digits: number): Value =>
  (value === null ? null : Number(value.toFixed(digits))) as Value;
