import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { cellRegions, type RegionName } from "@castle/regions/catalogue.ts";
import { type Amount, formatAmount } from "@castle/services/kernel/domain/amount.ts";
import { WALLET_STREAM } from "@castle/services/kernel/domain/command.ts";
import { z } from "zod";
import { DATABASE } from "./environment.ts";
import type { Lab } from "./lab.ts";
import { type Answer, ask } from "./processes/ask.ts";
import { until } from "./processes/until.ts";
import type { TraderAccount } from "./traders/requests.ts";

export interface AccountsWanted {
  readonly count: number;
  /** Of keys and secrets: the same seed, the same accounts. */
  readonly seed: number;
  /** What each gets of each asset, in the asset's smallest unit. */
  readonly funds: Readonly<Record<string, Amount>>;
  /** Number of the first; the others follow. Default 1. */
  readonly firstId?: number;
}

/** What the part of the lab that opens accounts needs of it. */
export type AccountsLab = Pick<Lab, "internalUrl" | "databaseOf">;

const COMMANDS_AT_ONCE = 500;
const ACCEPT_WITHIN_MS = 30_000;
const RETRY_MS = 200;
const APPLY_WITHIN_MS = 30_000;

const accepted = z.object({ results: z.array(z.object({ stream: z.string(), seq: z.number() })) });

/**
 * Opens accounts and pays into them, through the wallet stream as custody would: no balance appears from nowhere.
 * Resolves when the engine has applied it all. Repeating it changes nothing. @throws Error when a command is refused, or
 * no cell accepts it in time
 */
export async function openAccounts(lab: AccountsLab, wanted: AccountsWanted): Promise<TraderAccount[]> {
  const { count, seed, funds, firstId = 1 } = wanted;
  const accounts = Array.from({ length: count }, (_, index) => accountOf(seed, firstId + index));
  const commands = accounts.flatMap(({ accountId, apiKey, secret }) => [
    { kind: "open-account", accountId, apiKey, secret },
    ...Object.entries(funds).map(([asset, amount]) => ({
      ...{ kind: "deposit", accountId, asset, amount: formatAmount(amount) },
      reference: `first deposit of ${asset}`,
    })),
  ]);
  let last: Accepted | null = null;
  for (let start = 0; start < commands.length; start += COMMANDS_AT_ONCE)
    last = await submit(lab, commands.slice(start, start + COMMANDS_AT_ONCE), last);
  if (last) await applied(lab, last);
  return accounts;
}

const accountOf = (seed: number, accountId: number): TraderAccount => ({
  accountId,
  apiKey: digest(`key of account ${accountId}, seed ${seed}`),
  secret: digest(`secret of account ${accountId}, seed ${seed}`),
});

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

interface Accepted {
  readonly region: RegionName;
  readonly seq: number;
}

/** To whichever cell accepts. A repeated command is harmless, so that one without an answer is simply sent again. */
async function submit(
  lab: AccountsLab,
  commands: readonly unknown[],
  before: Accepted | null,
): Promise<Accepted> {
  const deadline = performance.now() + ACCEPT_WITHIN_MS;
  while (performance.now() < deadline) {
    const outcome = await tryEverywhere(lab, commands);
    if (outcome && "refused" in outcome) throw new Error(`the accounts were refused: ${outcome.refused}`);
    if (outcome) return { region: outcome.region, seq: Math.max(outcome.seq, before?.seq ?? 0) };
    await pause(RETRY_MS);
  }
  throw new Error(
    `no cell accepted the accounts within ${ACCEPT_WITHIN_MS / 1_000} s: see \`castle lab status\``,
  );
}

interface Refused {
  readonly refused: string;
}

/** Null when no cell accepts now. */
async function tryEverywhere(
  lab: AccountsLab,
  commands: readonly unknown[],
): Promise<Accepted | Refused | null> {
  for (const region of cellRegions)
    for (const url of lab.internalUrl(region, "order-gateway")) {
      const answer = await post(`${url}/internal/v1/wallet-commands`, { commands });
      if (answer === null) continue;
      const parsed = accepted.safeParse(answer.body);
      if (!parsed.success) return { refused: `${answer.status} from ${url}: ${JSON.stringify(answer.body)}` };
      return { region, seq: Math.max(...parsed.data.results.map(({ seq }) => seq)) };
    }
  return null;
}

/** Null when there is no answer, or none that is final. */
async function post(url: string, body: unknown): Promise<Answer | null> {
  const answer = await ask(url, { method: "POST", body, withinMs: 10_000 }).catch(() => null);
  return answer === null || answer.status >= 500 ? null : answer;
}

async function applied(lab: AccountsLab, { region, seq }: Accepted): Promise<void> {
  const database = lab.databaseOf(region);
  await until(
    async () => {
      const [row] = await database.query<{ applied_seq: string }>(
        "select applied_seq from progress where stream = $1",
        [WALLET_STREAM],
        { database: DATABASE },
      );
      return Number(row?.applied_seq ?? 0) >= seq;
    },
    { what: `the engine in ${region} to apply wallet command ${seq}`, withinMs: APPLY_WITHIN_MS },
  );
}
