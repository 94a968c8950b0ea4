import { setTimeout as delay } from "node:timers/promises";
import type { CellRegion } from "@castle/dr-runbooks/target.ts";
import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import { MAX_FILLS } from "@castle/services/kernel/domain/outcome.ts";
import type { Knex } from "knex";
import { openAccounts } from "../accounts.ts";
import { ask } from "../processes/ask.ts";
import { until } from "../processes/until.ts";
import type { PlaceIntent } from "../traders/intent.ts";
import { fundsFor } from "../traders/mid-price.ts";
import { requestFor, type TraderAccount } from "../traders/requests.ts";
import type { Act } from "./acts.ts";
import { observation } from "./observation.ts";
import type { Stage } from "./stage.ts";

export const STALL_SEEN = "The engine's readiness names the projection that stands still";
export const STALL_OVER = "The projection has caught up";
export const SWEPT = "Fills of the deepest sweeps";

const SEEN_WITHIN_MS = 12_000;
const CAUGHT_UP_WITHIN_MS = 30_000;

/**
 * Something holds a table that only the projection writes: orders go on, and are answered from memory. Readiness must say
 * what stands still, and everything must be there once the table is free.
 */
export const stallProjection = (
  region: CellRegion,
  { forSeconds }: { readonly forSeconds: number },
): Act => ({
  kind: "fault",
  name: `the projection of ${region} stalled`,
  play: async (stage) => {
    const { lab, observed, signal } = stage;
    const began = performance.now();
    await holding(lab.target.cells[region].databaseUrl, async () => {
      let because = "";
      await until(
        async () => {
          because = await notReadyBecause(stage, region);
          return because.includes("projection");
        },
        { what: "the engine's readiness to turn red", withinMs: SEEN_WITHIN_MS, signal },
      );
      observed.push(observation(STALL_SEEN, { wanted: "named", found: because, ok: true }));
      const left = forSeconds * 1_000 - (performance.now() - began);
      if (left > 0) await delay(left, undefined, { signal });
    });
    await until(async () => (await notReadyBecause(stage, region)) === "", {
      ...{ what: "the projection to catch up", withinMs: CAUGHT_UP_WITHIN_MS, signal },
    });
    observed.push(observation(STALL_OVER, { wanted: "ready again", found: "ready again", ok: true }));
  },
});

/** Locks a table of the projection while `work` runs. */
async function holding(databaseUrl: string, work: () => Promise<void>): Promise<void> {
  const db = connectDatabase(databaseUrl, { name: "drill", max: 1 });
  const lock = async (trx: Knex.Transaction): Promise<void> => {
    await trx.raw("lock table posting in access exclusive mode");
    await work();
  };
  try {
    await db.transaction(lock);
  } finally {
    await db.destroy();
  }
}

/** What the region's first engine gives as the reason why it is not ready; empty when it is. */
async function notReadyBecause({ lab }: Stage, region: CellRegion): Promise<string> {
  const [url] = lab.internalUrl(region, "matching-engine");
  const { status, body } = await ask(`${url}/healthz/ready`, { withinMs: 3_000 });
  if (status === 200) return "";
  const because = typeof body === "object" && body !== null && "because" in body ? body.because : body;
  return String(because);
}

/** Above the traders of any story; see play.ts. */
const BEYOND_TRADERS = 9_500;
const MAKERS = 50;
const SWEEPS = 3;
/** Far below what the story's traders quote, so that only the sweeps reach it. */
const PRICE = "5.00";
const QUANTITY = 1;
/** What a symbol lets one order sell: enough for whatever other traders bid above the sweeps. */
const SWEEP_QUANTITY = 9_000;

/**
 * The longest chunk an engine can meet when it starts: sweeps of as many fills as one order may make, logged and applied
 * while the projection stood still, and then the engine is killed.
 */
export const sweepAndKill = (region: CellRegion): Act => ({
  kind: "fault",
  name: `sweeps of ${MAX_FILLS} fills, and the engine of ${region} killed on top`,
  play: async (stage) => {
    const { lab, options, observed } = stage;
    const accounts = await openAccounts(lab, {
      ...{ count: MAKERS + SWEEPS, seed: options.seed, funds: plenty(options.symbols) },
      firstId: options.seed * 10_000 + BEYOND_TRADERS,
    });
    const [takers, makers] = [accounts.slice(0, SWEEPS), accounts.slice(SWEEPS)];
    let filled = 0;
    await holding(lab.target.cells[region].databaseUrl, async () => {
      for (const [sweep, taker] of takers.entries()) {
        await rest(stage, makers, sweep);
        filled += await take(stage, taker, sweep);
      }
      const engine = lab.process(region, "matching-engine-0");
      const { restarts } = engine.keepAlive;
      await engine.kill();
      await until(() => engine.keepAlive.restarts > restarts, {
        ...{ what: "the engine to be started again", withinMs: SEEN_WITHIN_MS, signal: stage.signal },
      });
    });
    observed.push(
      observation(SWEPT, {
        wanted: `${SWEEPS * MAX_FILLS}`,
        found: `${filled}`,
        ok: filled === SWEEPS * MAX_FILLS,
      }),
    );
  },
});

/** {@link MAX_FILLS} small orders at one price, each account as many. */
async function rest(stage: Stage, makers: readonly TraderAccount[], sweep: number): Promise<void> {
  const each = MAX_FILLS / MAKERS;
  for (let at = 0; at < each; at += 1)
    await Promise.all(
      makers.map((maker) =>
        send(stage, maker, {
          clientOrderId: `rest-${maker.accountId}-${sweep}-${at}`,
          side: "BUY",
          quantity: `${QUANTITY}`,
        }),
      ),
    );
}

/** @returns how many fills it had */
async function take(stage: Stage, taker: TraderAccount, sweep: number): Promise<number> {
  const body = await send(stage, taker, {
    ...{
      clientOrderId: `sweep-${taker.accountId}-${sweep}`,
      side: "SELL",
      quantity: `${SWEEP_QUANTITY}`,
    },
  });
  return typeof body === "object" && body !== null && "fills" in body && Array.isArray(body.fills)
    ? body.fills.length
    : 0;
}

async function send(
  { lab, options }: Stage,
  account: TraderAccount,
  order: Pick<PlaceIntent, "clientOrderId" | "side"> & { readonly quantity: string },
): Promise<unknown> {
  const { method, path, apiKey } = requestFor(
    {
      ...{ kind: "place", trader: 0, symbol: options.symbols.at(-1) ?? "", type: "LIMIT", price: PRICE },
      ...{ timeInForce: "GTC", quoteOrderQty: null, answer: "FULL", ...order },
    },
    { account, recvWindow: 10_000, timestamp: Date.now() },
  );
  const { status, body } = await ask(`${lab.edge.api}${path}`, {
    ...{ method: method === "GET" ? "GET" : "POST", withinMs: 10_000 },
    ...(apiKey === null ? {} : { headers: { "X-MBX-APIKEY": apiKey } }),
  });
  if (status !== 200)
    throw new Error(`${order.clientOrderId} was answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** A sweep sells more than a trader of any story has. */
const plenty = (symbols: readonly string[]): Record<string, bigint> =>
  Object.fromEntries(Object.entries(fundsFor(symbols)).map(([asset, amount]) => [asset, amount * 10_000n]));
