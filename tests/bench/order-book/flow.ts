import { epoch } from "@castle/regions/epoch.ts";
import { notional } from "@castle/services/kernel/domain/amount.ts";
import type { AcceptedCommand, Command, Side, TimeInForce } from "@castle/services/kernel/domain/command.ts";
import type { MarketSymbol } from "@castle/services/kernel/domain/symbols.ts";

const ACCOUNTS = 100_000;
const FIRST_MOMENT = 1_700_000_000_000;

/** A limit order in whole ticks and steps. */
export interface LimitOrder {
  readonly side: Side;
  readonly ticks: number;
  readonly steps: number;
  readonly timeInForce?: TimeInForce;
}

/** A stream of commands of one symbol, from seq 1 on: the same on every run. */
export class Flow {
  readonly symbol: MarketSymbol;
  /** Ids of orders that were placed to rest and not yet cancelled; some of them are filled. */
  readonly placed: number[] = [];
  readonly #random = randomNumbers(7);
  #seq = 0;

  constructor(symbol: MarketSymbol) {
    this.symbol = symbol;
  }

  /** A whole number from 0 to `below` - 1. */
  random(below: number): number {
    return Math.floor(this.#random() * below);
  }

  /** A whole number from 0 on, `mean` on average: near ones are likely, far ones are not. */
  exponential(mean: number): number {
    return Math.floor(-Math.log(1 - this.#random()) * mean);
  }

  side(): Side {
    return this.random(2) === 0 ? "BUY" : "SELL";
  }

  place({ side, ticks, steps, timeInForce = "GTC" }: LimitOrder): AcceptedCommand {
    const price = BigInt(ticks) * this.symbol.tickSize;
    const quantity = BigInt(steps) * this.symbol.stepSize;
    const hold =
      side === "BUY"
        ? { asset: this.symbol.quote, amount: notional(price, quantity) }
        : { asset: this.symbol.base, amount: quantity };
    const accepted = this.#accepted({
      kind: "place",
      side,
      type: "LIMIT",
      timeInForce,
      price,
      quantity,
      quoteBudget: null,
      hold,
    });
    if (timeInForce === "GTC") this.placed.push(accepted.seq);
    return accepted;
  }

  /** Cancels one of the orders that were placed to rest, whichever. */
  cancelAny(): AcceptedCommand {
    const at = this.random(this.placed.length);
    const orderId = this.placed[at] as number;
    this.placed[at] = this.placed[this.placed.length - 1] as number;
    this.placed.pop();
    return this.#accepted({ kind: "cancel", orderId, origClientOrderId: "" }, ownerOf(orderId));
  }

  #accepted(command: Command, accountId = ownerOf(this.#seq + 1)): AcceptedCommand {
    this.#seq += 1;
    return {
      stream: this.symbol.name,
      seq: this.#seq,
      epoch: epoch(1),
      accountId,
      clientId: `bench-${`${this.#seq}`.padStart(16, "0")}`,
      acceptedAt: FIRST_MOMENT + this.#seq,
      command,
    };
  }
}

/** Neighbours in time are different accounts. */
const ownerOf = (orderId: number): number => 1 + ((orderId * 7_919) % ACCOUNTS);

/** Numbers from 0 to below 1: a linear congruential generator (Numerical Recipes). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
