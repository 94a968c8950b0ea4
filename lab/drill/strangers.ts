import { readFile } from "node:fs/promises";
import type { CellRegion } from "@castle/dr-runbooks/target.ts";
import { openProjectedQueue, PROJECTED_QUEUE } from "@castle/services/kernel/queues.ts";
import { connectRedis } from "@castle/services/kernel/redis.ts";
import { openAccounts } from "../accounts.ts";
import { ask } from "../processes/ask.ts";
import { until } from "../processes/until.ts";
import { fundsFor } from "../traders/mid-price.ts";
import { requestFor, type TraderAccount } from "../traders/requests.ts";
import type { Act } from "./acts.ts";
import { observation } from "./observation.ts";
import type { Stage } from "./stage.ts";

const TOLD_WITHIN_MS = 60_000;
export const POISON_TOLD = "What was wrong with the jobs stands in market-data's log";

/**
 * Jobs that no engine adds: of the wrong shape, or announcing what is not there; and one whose very record in Redis is no
 * job.
 */
export const poison = (region: CellRegion): Act => ({
  kind: "fault",
  name: `nonsense in the queues of ${region}`,
  play: async ({ lab, operator, observed, signal }) => {
    const { epoch } = await operator.witness();
    const redis = connectRedis(lab.target.cells[region].redisUrl, "producer");
    await until(() => redis.status === "ready", { what: "Redis to answer", withinMs: 60_000, signal });
    const nonsense: unknown[] = [
      ...[null, "up to the end", [], {}, { epoch }, { epoch, upTo: "all" }, { epoch, upTo: -5 }],
      ...[
        { epoch: epoch + 7, upTo: 1 },
        { epoch, upTo: Number.MAX_SAFE_INTEGER },
      ],
    ];
    try {
      const queue = openProjectedQueue(redis);
      for (const data of nonsense) await queue.add("projected", data as never);
      await queue.close();
      const key = `bull:${PROJECTED_QUEUE}`;
      await redis.hset(`${key}:poison`, { name: "projected", data: "{not JSON", opts: "{}", timestamp: "0" });
      await redis.lpush(`${key}:wait`, "poison");
    } finally {
      redis.disconnect();
    }
    const { log } = lab.process(region, "market-data-0");
    let wanted: string[] = [];
    await until(
      async () => {
        const text = await readFile(log, "utf8");
        wanted = ["a job that announces no projection was dropped", "JSON at position"].filter(
          (part) => !text.includes(part),
        );
        return wanted.length === 0;
      },
      {
        what: () => `market-data to tell of ${wanted.join(" and ")} in ${log}`,
        withinMs: TOLD_WITHIN_MS,
        signal,
      },
    );
    observed.push(observation(POISON_TOLD, { wanted: "both kinds", found: "both kinds", ok: true }));
  },
});

const STRANGERS = 5;
const WINDOW_MS = 5_000;
/** Beyond recvWindow into the past, and beyond what any server accepts of the future. */
const SKEWS_MS = [-6_000, -60_000, 6_000, 60_000] as const;
const TOO_OLD = -1021;

export const SKEWED_REFUSED = "Orders of traders whose clock is off";
export const RIGHT_CLOCK_TAKEN = "The same orders with the right clock";

/** Traders whose clocks are off send orders beside everybody else's; then the same with the right time. */
export const skewedTraders = (): Act => ({
  kind: "fault",
  name: "some traders' clocks are off",
  play: async (stage) => {
    const accounts = await strangers(stage);
    const off = await Promise.all(
      SKEWS_MS.flatMap((skewMs) => accounts.map((account) => order(stage, account, skewMs))),
    );
    const right = await Promise.all(accounts.map((account) => order(stage, account, 0)));
    const refused = off.filter(({ status, code }) => status === 400 && code === TOO_OLD).length;
    const taken = right.filter(({ status }) => status === 200).length;
    stage.observed.push(
      observation(SKEWED_REFUSED, {
        wanted: `all ${off.length} refused with ${TOO_OLD}`,
        found: `${refused} refused so`,
        ok: refused === off.length,
      }),
      observation(RIGHT_CLOCK_TAKEN, {
        wanted: `all ${right.length} taken`,
        found: `${taken} taken`,
        ok: taken === right.length,
      }),
    );
  },
});

/** More than the traders of any story; see play.ts. */
const BEYOND_TRADERS = 9_000;

const strangers = ({ lab, options }: Stage): Promise<TraderAccount[]> =>
  openAccounts(lab, {
    ...{ count: STRANGERS, seed: options.seed, funds: fundsFor(options.symbols) },
    firstId: options.seed * 10_000 + BEYOND_TRADERS,
  });

async function order(
  { lab, options }: Stage,
  account: TraderAccount,
  skewMs: number,
): Promise<{ status: number; code: number | null }> {
  const { method, path, apiKey } = requestFor(
    {
      ...{ kind: "place", trader: 0, symbol: options.symbols[0] ?? "", side: "BUY", type: "LIMIT" },
      ...{ timeInForce: "GTC", price: "1.00", quantity: "10", quoteOrderQty: null, answer: "ACK" },
      clientOrderId: `skewed-${account.accountId}-${skewMs}`,
    },
    { account, recvWindow: WINDOW_MS, timestamp: Date.now() + skewMs },
  );
  const answer = await ask(`${lab.edge.api}${path}`, {
    ...{ method: method === "GET" ? "GET" : "POST", withinMs: 3_000 },
    ...(apiKey === null ? {} : { headers: { "X-MBX-APIKEY": apiKey } }),
  });
  const { body } = answer;
  const code =
    typeof body === "object" && body !== null && "code" in body && typeof body.code === "number"
      ? body.code
      : null;
  return { status: answer.status, code };
}
