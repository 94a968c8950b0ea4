import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import { type MarketSymbol, symbolNamed } from "@castle/services/kernel/domain/symbols.ts";
import type { Flow } from "./flow.ts";

/** A book of a certain shape, and what happens to it. */
export interface Workload {
  readonly name: string;
  readonly symbol: MarketSymbol;
  /** Orders that rest before the first operation. */
  readonly resting: number;
  /** How many operations are measured at most. */
  readonly operations: number;
  readonly makeResting: (flow: Flow) => AcceptedCommand;
  readonly makeNext: (flow: Flow) => AcceptedCommand;
  /** Why the library is not measured; null when it is. */
  readonly libraryLeftOut: string | null;
}

interface Shape {
  readonly name: string;
  readonly symbol: MarketSymbol;
  readonly resting: number;
  readonly operations: number;
  /** Between the bids and the asks, in ticks. */
  readonly middle: number;
  readonly libraryLeftOut?: string;
}

/**
 * Trading as it is near the best price: of 100 operations 45 place an order that rests, 45 cancel any one, and 10 take:
 * orders of 60 steps on average where those at rest have 50, within 20 ticks and for what is there.
 */
function nearTheTouch(meanTicksAway: number, shape: Shape): Workload {
  const makeResting = (flow: Flow) => rest(flow, shape.middle, 1 + flow.exponential(meanTicksAway));
  const makeNext = (flow: Flow): AcceptedCommand => {
    const drawn = flow.random(100);
    if (drawn < 45) return flow.cancelAny();
    if (drawn < 90) return makeResting(flow);
    const side = flow.side();
    const ticks = shape.middle + (side === "BUY" ? 20 : -20);
    return flow.place({ side, ticks, steps: 1 + flow.random(120), timeInForce: "IOC" });
  };
  return { libraryLeftOut: null, ...shape, makeResting, makeNext };
}

/** Orders come and go anywhere between a fifth of the price and twice as much; most are alone at theirs. */
function atFarPrices(shape: Shape): Workload {
  const makeResting = (flow: Flow) => rest(flow, shape.middle, 1 + flow.random(shape.middle * 0.8));
  const makeNext = (flow: Flow) => (flow.random(2) === 0 ? flow.cancelAny() : makeResting(flow));
  return { libraryLeftOut: null, ...shape, makeResting, makeNext };
}

/** A thousand orders at ten prices, then one that takes them all; again and again. */
function sweeps(shape: Shape): Workload {
  let placed = 0;
  const makeNext = (flow: Flow): AcceptedCommand => {
    placed = (placed + 1) % 1_001;
    if (placed === 0) return flow.place({ side: "BUY", ticks: shape.middle + 9, steps: 1_000 });
    return flow.place({ side: "SELL", ticks: shape.middle + (placed % 10), steps: 1 });
  };
  return { libraryLeftOut: null, ...shape, makeResting: makeNext, makeNext };
}

function rest(flow: Flow, middle: number, ticksAway: number): AcceptedCommand {
  const side = flow.side();
  const ticks = middle + (side === "BUY" ? -ticksAway : ticksAway);
  return flow.place({ side, ticks, steps: 1 + flow.random(100) });
}

/** A price of 60,000 in ticks of 0.01: few orders stand at one price. */
const smallTick = { symbol: symbolNamed("BTCUSDT"), middle: 6_000_000 };
/** A price of 0.5 in ticks of 0.0001: near the best price, many orders stand at one. */
const largeTick = { symbol: symbolNamed("ADAUSDT"), middle: 5_000 };

/** The one whose ratio counts: a market that is worth attacking has many orders, and most of them are near its price. */
export const busyMarket = nearTheTouch(50, {
  ...largeTick,
  name: "mixed near the touch, 20,000 orders",
  resting: 20_000,
  operations: 200_000,
});

export const workloads: readonly Workload[] = [
  busyMarket,
  nearTheTouch(200, {
    ...smallTick,
    name: "mixed near the touch, 1,000 orders",
    resting: 1_000,
    operations: 200_000,
  }),
  atFarPrices({
    ...smallTick,
    name: "far prices, 100,000 levels",
    resting: 100_000,
    operations: 100_000,
  }),
  atFarPrices({
    ...smallTick,
    name: "far prices, 1,000,000 levels",
    resting: 1_100_000,
    operations: 200_000,
    libraryLeftOut: "it would take gigabytes",
  }),
  sweeps({ ...smallTick, name: "sweeps of 1,000 fills", resting: 0, operations: 200_000 }),
];
