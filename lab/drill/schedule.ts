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
  /** By an operator; the runner is killed behind so many steps, or not (null). */
  | {
      readonly kind: "failover" | "switchover";
      readonly runnerDiesBehind: number | null;
    };

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

const MOST_BLOWS = 4;
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
  failover: 3,
  switchover: 3,
} as const satisfies Record<Blow["kind"], number>;

/**
 * One to four blows at random moments within `lastsMs`. Only combinations that a platform which loses one region at a
 * time must survive: at most one region is killed or frozen, and at most one handover is asked for. Pure.
 */
export function scheduleOf(seed: number, lastsMs: number): Schedule {
  const random = new Random(seed);
  const count = random.between(1, MOST_BLOWS);
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
      return { kind, runnerDiesBehind: random.chance(0.5) ? random.between(1, 10) : null };
    case "cut-link":
    case "lose-witness":
    case "black-hole":
      return { kind };
    default:
      return kind satisfies never;
  }
}

/** Killed processes come back by themselves, regions only in the end; a frozen process or region goes on after a while. */
const lasts = ({ kind }: Blow): boolean =>
  kind.startsWith("freeze") || kind.endsWith("link") || kind.endsWith("channel") || kind.endsWith("witness");

const strikesRegion = ({ blow }: TimedBlow): boolean =>
  blow.kind === "kill-region" || blow.kind === "freeze-region";
const handsOver = ({ blow }: TimedBlow): boolean => blow.kind === "failover" || blow.kind === "switchover";
const thing = ({ blow }: TimedBlow): string => JSON.stringify({ ...blow, rttMs: undefined });

/** Whether the blows may fall on one platform together. */
export const isLegal = (blows: readonly TimedBlow[]): boolean =>
  blows.filter(strikesRegion).length <= 1 &&
  blows.filter(handsOver).length <= 1 &&
  new Set(blows.map(thing)).size === blows.length;

/** A schedule in words, a blow each. */
export const told = ({ blows }: Schedule): string[] =>
  blows.map(({ atMs, forMs, blow }) => {
    const { kind, ...of } = blow;
    const what = Object.values(of)
      .filter((value) => value !== null)
      .join(" ");
    return `${(atMs / 1_000).toFixed(2)} s  ${kind}${what ? ` ${what}` : ""}${forMs === null ? "" : ` for ${forMs} ms`}`;
  });
