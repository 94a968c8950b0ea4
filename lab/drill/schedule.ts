import { Random } from "../traders/random.ts";

/** A cell by what it was when the schedule began. */
export type Part = "active" | "standby";

/** What befalls the platform at a moment. All of it is healed in the end, if not before. */
export type Blow =
  | { readonly kind: "kill-region" | "freeze-region"; readonly part: Part }
  | {
      readonly kind: "kill-process" | "freeze-process" | "restart-process";
      readonly part: Part;
      readonly process: string;
    }
  | { readonly kind: "cut-link" }
  | { readonly kind: "stall-channel"; readonly channel: "replication" | "journal" | "redis" }
  | { readonly kind: "slow-channel"; readonly channel: "replication" | "journal"; readonly rttMs: number }
  | { readonly kind: "lose-witness" }
  | { readonly kind: "cut-off-from-witness"; readonly part: Part }
  | { readonly kind: "black-hole" }
  /** The command of an operator, given as things stand at its moment, in a process of its own. */
  | { readonly kind: OperatorCommand; readonly runner: RunnerFate };

export const operatorCommands = ["failover", "switchover", "failback", "isolate", "rejoin"] as const;
export type OperatorCommand = (typeof operatorCommands)[number];

/**
 * What befalls a runner `afterMs` behind the `line`th line that it tells of its steps' beginnings and ends: between two
 * steps or in the middle of one, as it comes. `stopped` is Ctrl-C, `suspended` a machine that sleeps for a while.
 */
export type RunnerFate =
  | { readonly fate: "lives" }
  | { readonly fate: "killed" | "stopped"; readonly line: number; readonly afterMs: number }
  | { readonly fate: "suspended"; readonly line: number; readonly afterMs: number; readonly forMs: number };

/** One blow, when it falls, and how long it lasts where it lasts. Milliseconds since the load was warm. */
export interface TimedBlow {
  readonly atMs: number;
  /** null for what is over at once, or heals only in the end. */
  readonly forMs: number | null;
  readonly blow: Blow;
}

/** Plain data: the same seed, the same blows. */
export interface Schedule {
  readonly seed: number;
  readonly lastsMs: number;
  readonly blows: readonly TimedBlow[];
}

const LEAST_BLOWS = 2;
const MOST_BLOWS = 5;
const MOST_COMMANDS = 2;
/** A handover tells about 26 lines, an operation on a cell about 12: most fates find their runner. */
const LINES = { handover: 24, operation: 10 } as const;
const MOST_MS_BEHIND_A_LINE = 30;
const parts: readonly Part[] = ["active", "standby"];
const services = ["order-gateway-0", "matching-engine-0", "market-data-0"] as const;
const servers = ["database", "journal", "redis"] as const;

const weights = {
  "kill-region": 3,
  "freeze-region": 3,
  "kill-process": 6,
  "freeze-process": 4,
  "restart-process": 2,
  "cut-link": 3,
  "stall-channel": 4,
  "slow-channel": 2,
  "lose-witness": 2,
  "cut-off-from-witness": 2,
  "black-hole": 1,
  failover: 5,
  switchover: 5,
  failback: 2,
  isolate: 3,
  rejoin: 3,
} as const satisfies Record<Blow["kind"], number>;

/**
 * Two to five blows at random moments within `lastsMs`. Only combinations that a platform which loses one region at a
 * time must survive: at most one region is killed or frozen, and operators give two commands at most. Pure.
 */
export function scheduleOf(seed: number, lastsMs: number): Schedule {
  const random = new Random(seed);
  const count = random.between(LEAST_BLOWS, MOST_BLOWS);
  const blows: TimedBlow[] = [];
  while (blows.length < count) {
    const next = drawn(random, lastsMs);
    if (isLegal([...blows, next])) blows.push(next);
  }
  return { seed, lastsMs, blows: blows.sort((a, b) => a.atMs - b.atMs) };
}

function drawn(random: Random, lastsMs: number): TimedBlow {
  const atMs = random.between(0, Math.floor(lastsMs * 0.8));
  const blow = drawnBlow(random, random.weighted<Blow["kind"]>(weights));
  return { atMs, forMs: lasts(blow) ? random.between(100, Math.max(100, lastsMs - atMs)) : null, blow };
}

function drawnBlow(random: Random, kind: Blow["kind"]): Blow {
  switch (kind) {
    case "kill-region":
    case "freeze-region":
    case "cut-off-from-witness":
      return { kind, part: random.pick(parts) };
    case "kill-process":
    case "freeze-process":
      return { kind, part: random.pick(parts), process: random.pick([...services, ...servers]) };
    case "restart-process":
      return { kind, part: random.pick(parts), process: random.pick(services) };
    case "stall-channel":
      return { kind, channel: random.pick(["replication", "journal", "redis"] as const) };
    case "slow-channel":
      return {
        kind,
        channel: random.pick(["replication", "journal"] as const),
        rttMs: random.between(50, 600),
      };
    case "failover":
    case "switchover":
    case "failback":
      return { kind, runner: drawnFate(random, LINES.handover) };
    case "isolate":
    case "rejoin":
      return { kind, runner: drawnFate(random, LINES.operation) };
    case "cut-link":
    case "lose-witness":
    case "black-hole":
      return { kind };
    default:
      return kind satisfies never;
  }
}

function drawnFate(random: Random, lines: number): RunnerFate {
  const fate = random.weighted({ lives: 4, killed: 4, stopped: 2, suspended: 2 });
  if (fate === "lives") return { fate };
  const where = { line: random.between(1, lines), afterMs: random.between(0, MOST_MS_BEHIND_A_LINE) };
  return fate === "suspended" ? { fate, ...where, forMs: random.between(100, 4_000) } : { fate, ...where };
}

/** Killed processes come back by themselves, regions only in the end; a frozen process or region goes on after a while. */
const lasts = ({ kind }: Blow): boolean =>
  kind.startsWith("freeze") || kind.endsWith("link") || kind.endsWith("channel") || kind.endsWith("witness");

const strikesRegion = ({ blow }: TimedBlow): boolean =>
  blow.kind === "kill-region" || blow.kind === "freeze-region";
const isCommand = ({ blow }: TimedBlow): boolean => operatorCommands.some((kind) => kind === blow.kind);
const thing = ({ blow }: TimedBlow): string => JSON.stringify({ ...blow, rttMs: undefined });

/** Whether the blows may fall on one platform together. */
export const isLegal = (blows: readonly TimedBlow[]): boolean =>
  blows.filter(strikesRegion).length <= 1 &&
  blows.filter(isCommand).length <= MOST_COMMANDS &&
  new Set(blows.map(thing)).size === blows.length;
