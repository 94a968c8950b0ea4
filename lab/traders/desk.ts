import { now } from "./clock.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import type { Figures } from "./figures.ts";
import { type CommandIntent, type Intent, isCommand, type PlaceIntent } from "./intent.ts";
import type { Notebook } from "./notebook.ts";
import type { OwnOrders } from "./own-orders.ts";
import type { RequestEnd, RequestSample } from "./records.ts";
import { type Conclusion, conclude } from "./reply.ts";
import { orderQuery, requestFor, type Signing, type TraderAccount } from "./requests.ts";
import { backoff, type SecondChances } from "./second-chances.ts";

/** Who a trader is, and how it reaches the platform. */
export interface Trader {
  readonly account: TraderAccount;
  readonly pool: ConnectionPool;
  /** Milliseconds. */
  readonly recvWindow: number;
}

export interface DeskOptions {
  readonly traders: readonly Trader[];
  readonly own: OwnOrders;
  readonly notebook: Notebook;
  readonly figures: Figures;
  readonly chances: SecondChances;
  /** Called with each request that came to its end. */
  readonly onSample: (sample: RequestSample) => void;
  /** Called when the platform answers with something that nobody can read: a defect, and not the trader's. */
  readonly onProblem: (problem: Error) => void;
}

/** How often a command that was not executed is sent again, and how long the waits between are. */
const RESENDS = 3;
const RESEND_FIRST_MS = 150;
const RESEND_MOST_MS = 1_000;

/** Asking for a command whose answer was lost. */
const ASK_FIRST_MS = 200;
const ASK_MOST_MS = 2_000;
const ASK_FOR_MS = 120_000;
/** Until then, "no such order" may only mean that the lost request is still on its way. */
const ABSENT_AFTER_MS = 1_000;
const NO_SUCH_ORDER = -2013;

/** Carries out intents as a good client would. */
export class Desk {
  readonly #options: DeskOptions;
  #underWay = 0;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** Intents that are not at their end yet. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Sends the intent that was due. Never rejects: whatever goes wrong is counted, and told to `onProblem`. */
  async carryOut(meant: Intent, due: number): Promise<void> {
    const { figures, onSample, onProblem } = this.#options;
    const intent = this.#worthwhile(meant);
    const trader = this.#trader(intent.trader);
    this.#underWay += 1;
    figures.sent(now());
    let stumbled = false;
    let end: RequestEnd = "lost";
    try {
      const first = await this.#send(intent, trader);
      stumbled = first.kind === "not-executed" || first.kind === "unknown";
      if (stumbled) figures.stumbled(now());
      end = isCommand(intent)
        ? await this.#seeThrough(intent, trader, first)
        : this.#answered(intent, trader, first);
    } catch (error) {
      onProblem(error instanceof Error ? error : new Error(String(error)));
    }
    const { accountId } = trader.account;
    const sample = { due, done: now(), accountId, command: isCommand(intent), end, stumbled };
    figures.ended(sample);
    onSample(sample);
    this.#underWay -= 1;
  }

  /** A cancel of what was filled meanwhile, or never got there, becomes a question about it. */
  #worthwhile(meant: Intent): Intent {
    const { own } = this.#options;
    if (meant.kind === "place" && rests(meant)) own.placed(meant.clientOrderId);
    if (meant.kind !== "cancel" || own.takeToCancel(meant.origClientOrderId)) return meant;
    const { trader, symbol, origClientOrderId } = meant;
    return { kind: "query-order", trader, symbol, origClientOrderId };
  }

  async #seeThrough(intent: CommandIntent, trader: Trader, first: Conclusion): Promise<RequestEnd> {
    const { notebook, chances } = this.#options;
    const { accountId } = trader.account;
    let conclusion = first;
    for (let resent = 0; ; resent++) {
      switch (conclusion.kind) {
        case "done":
          notebook.acknowledged(intent, accountId, conclusion.reply);
          return "acknowledged";
        case "accepted":
          notebook.accepted(intent, accountId, conclusion.reply);
          return "acknowledged";
        case "refused":
          notebook.refused(intent, accountId, conclusion.reply, conclusion.code);
          return "refused";
        case "unknown":
          return this.#ask(intent, trader, conclusion.because);
        case "not-executed":
          if (resent === RESENDS) return "rejected";
          await chances.turn(backoff(resent, RESEND_FIRST_MS, RESEND_MOST_MS, Math.random()));
          conclusion = await this.#send(intent, trader);
          break;
        default:
          return conclusion satisfies never;
      }
    }
  }

  /** The answer got lost: asks for the order by its client order id until it is known what became of the command. */
  async #ask(intent: CommandIntent, trader: Trader, because: string): Promise<RequestEnd> {
    const { notebook, chances } = this.#options;
    const { accountId } = trader.account;
    const asksFor = intent.kind === "place" ? intent.clientOrderId : intent.origClientOrderId;
    const lostAt = now();
    let asked = 0;
    while (now() - lostAt < ASK_FOR_MS) {
      await chances.turn(backoff(asked, ASK_FIRST_MS, ASK_MOST_MS, Math.random()));
      asked += 1;
      const answer = conclude(
        await trader.pool.send(() => orderQuery(intent.symbol, asksFor, signingOf(trader))),
      );
      if (answer.kind === "done" && notebook.found(intent, accountId, answer.reply)) {
        notebook.resolved(intent, { accountId, found: "executed", asked, because });
        return "acknowledged";
      }
      const saidNo = answer.kind === "done" || (answer.kind === "refused" && answer.code === NO_SUCH_ORDER);
      if (saidNo && now() - lostAt >= ABSENT_AFTER_MS) {
        notebook.resolved(intent, { accountId, found: "absent", asked, because });
        return "rejected";
      }
    }
    notebook.resolved(intent, { accountId, found: "unresolved", asked, because });
    return "lost";
  }

  /** Queries are not repeated: there is nothing to lose. */
  #answered(intent: Exclude<Intent, CommandIntent>, trader: Trader, conclusion: Conclusion): RequestEnd {
    const { notebook } = this.#options;
    if (conclusion.kind === "refused") return "refused";
    if (conclusion.kind !== "done") return "rejected";
    if (intent.kind === "depth") notebook.depth(intent, conclusion.reply);
    if (intent.kind === "query-order") notebook.queried(trader.account.accountId, conclusion.reply);
    return "answered";
  }

  async #send(intent: Intent, trader: Trader): Promise<Conclusion> {
    return conclude(await trader.pool.send(() => requestFor(intent, signingOf(trader))));
  }

  #trader(index: number): Trader {
    const trader = this.#options.traders[index];
    if (!trader) throw new Error(`there is no trader ${index}: there are ${this.#options.traders.length}`);
    return trader;
  }
}

const signingOf = ({ account, recvWindow }: Trader): Signing => ({
  account,
  recvWindow,
  timestamp: Date.now(),
});

/** Whether an order may stay in the book, and so has its turn to be cancelled. */
const rests = (intent: PlaceIntent): boolean =>
  intent.type === "LIMIT_MAKER" || (intent.type === "LIMIT" && intent.timeInForce === "GTC");
