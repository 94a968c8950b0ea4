import type { RequestHandler } from "express";
import { formatAmount } from "../../kernel/domain/amount.ts";
import type { StreamId } from "../../kernel/domain/command.ts";
import type { MarketSymbol } from "../../kernel/domain/symbols.ts";
import type { EngineAnswers } from "../../kernel/engine-line/messages.ts";
import type { EngineRequests } from "../engine/engine-requests.ts";
import { publicRead } from "./read.ts";

const STANDARD_LEVELS = 100;
const MOST_LEVELS = 5_000;
/** Depths of books are asked for in these steps, so that few different ones are kept. */
const STEPS = [100, 500, 1_000, MOST_LEVELS];
/** A depth is not older than this. Its `lastUpdateId` says how old: clients that follow the stream take it as it is. */
const KEPT_MS = 50;

type Depth = EngineAnswers["depth"];

/** GET /api/v3/depth: `limit` levels of each side, best first, from the engine's memory. */
export function depth(options: { engine: EngineRequests; markets: readonly MarketSymbol[] }): RequestHandler {
  const books = new RecentDepths((stream, limit) => options.engine.query({ kind: "depth", stream, limit }));
  return publicRead(async (parameters) => {
    const symbol = parameters.symbol(options.markets).name;
    const limit = parameters.limit(STANDARD_LEVELS, MOST_LEVELS);
    const { lastUpdateId, bids, asks } = await books.get(symbol, limit);
    return { lastUpdateId, bids: levels(bids, limit), asks: levels(asks, limit) };
  });
}

const levels = (side: Depth["bids"], limit: number): [string, string][] =>
  side
    .slice(0, limit)
    .map(([price, quantity]) => [formatAmount(BigInt(price)), formatAmount(BigInt(quantity))]);

/** However many ask at once, the engine is asked once: reading the market must not weigh on trading. */
class RecentDepths {
  readonly #read: (stream: StreamId, limit: number) => Promise<Depth>;
  readonly #recent = new Map<string, { readonly depth: Promise<Depth>; readonly at: number }>();

  constructor(read: (stream: StreamId, limit: number) => Promise<Depth>) {
    this.#read = read;
  }

  get(stream: StreamId, limit: number): Promise<Depth> {
    const step = STEPS.find((enough) => enough >= limit) ?? MOST_LEVELS;
    const key = `${stream} ${step}`;
    const recent = this.#recent.get(key);
    if (recent && performance.now() - recent.at < KEPT_MS) return recent.depth;
    const read = this.#read(stream, step);
    this.#recent.set(key, { depth: read, at: performance.now() });
    read.catch(() => this.#recent.delete(key));
    return read;
  }
}
