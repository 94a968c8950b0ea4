import { until } from "@castle/lab/processes/until.ts";
import type { AccountId, StreamId } from "@castle/services/kernel/domain/command.ts";
import type { Outcome } from "@castle/services/kernel/domain/outcome.ts";
import type { SubmitResult } from "@castle/services/order-gateway/engine/engine-requests.ts";
import { ActiveCell, SYMBOLS } from "../../support/active-cell.ts";
import { EngineCaller } from "../../support/engine-caller.ts";
import { amount, LiveMarket } from "../../support/live-market.ts";
import { projectedToTheEnd } from "../../support/projection-block.ts";
import { RunningEngine, type RunningEngineOptions } from "../../support/running-engine.ts";
import { requireWholeAndOnce } from "./whole-and-once.ts";

export const TRADERS: readonly AccountId[] = [1, 2, 3];
const [BTC, ETH] = SYMBOLS;

/** A cell with an engine in this process, who calls it, and traders whose money came in as deposits. */
export class EngineWorld {
  readonly cell: ActiveCell;
  readonly caller: EngineCaller;
  readonly btc: LiveMarket;
  readonly eth: LiveMarket;
  /** Every outcome that the engine handed out, as it came over a line. */
  readonly heard: Outcome[] = [];
  engine: RunningEngine | null = null;

  private constructor(cell: ActiveCell, caller: EngineCaller) {
    this.cell = cell;
    this.caller = caller;
    this.btc = new LiveMarket(caller, BTC);
    this.eth = new LiveMarket(caller, ETH);
    const subscribe = (): void => caller.client.send({ type: "subscribe", positions: null });
    caller.client.on("open", subscribe);
    caller.client.on("message", (message) => {
      if (message.type === "outcomes") this.heard.push(...(message.outcomes as Outcome[]));
    });
    if (caller.client.isOpen) subscribe();
  }

  /** @param options of the first engine, which may need the cell's servers */
  static async start(options: (cell: ActiveCell) => RunningEngineOptions = () => ({})): Promise<EngineWorld> {
    const cell = await ActiveCell.start();
    const caller = await EngineCaller.start(cell);
    const world = new EngineWorld(cell, caller);
    await world.startEngine(options(cell));
    for (const account of TRADERS)
      for (const asset of ["BTC", "ETH", "USDT"]) await world.deposit(account, asset);
    return world;
  }

  /** Resolves when it takes orders. */
  async startEngine(options: RunningEngineOptions = {}): Promise<void> {
    this.engine = await RunningEngine.start(this.cell, options);
    await this.caller.ready();
  }

  async stopEngine(): Promise<void> {
    await this.engine?.stop();
    this.engine = null;
  }

  async deposit(accountId: AccountId, asset: string, of = "1000000"): Promise<void> {
    const command = { kind: "deposit", asset, amount: amount(of) } as const;
    const clientId = `first-${accountId}-${asset}`;
    await this.caller.accepted({ stream: "wallet", accountId, clientId, command });
  }

  /** An order that rests far below everything, sent once. */
  submitBid(clientId: string, accountId: AccountId = 1, stream: StreamId = BTC): Promise<SubmitResult> {
    return this.caller.submit({ stream, accountId, clientId, command: bid });
  }

  /** Ends the engine's line to its log, as a database does that was restarted. */
  async killLog(): Promise<void> {
    await this.cell.db.raw(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'matching-engine-% log'",
    );
  }

  /** Kills the log, and waits for the next generation. */
  async beginAnew(): Promise<void> {
    const { generation } = this.caller;
    await this.killLog();
    await until(() => this.caller.client.status.leading && this.caller.generation > generation, {
      what: "the next generation to lead",
      withinMs: 60_000,
    });
    await this.caller.ready();
  }

  /** Once all is projected: everything is there, and once. */
  async requireWholeAndOnce(): Promise<void> {
    await projectedToTheEnd(this.cell);
    await requireWholeAndOnce(this.cell.db);
  }

  async stop(): Promise<void> {
    await this.caller.stop();
    await this.stopEngine();
    await this.cell.stop();
  }
}

/** Holds 10 USDT, and meets nobody. */
export const bid = {
  ...({ kind: "place", side: "BUY", type: "LIMIT", timeInForce: "GTC", quoteBudget: null } as const),
  ...{ price: amount("10"), quantity: amount("1"), hold: { asset: "USDT", amount: amount("10") } },
};

/** Whether the promise is still open after that long. Milliseconds. */
export async function isOpenAfter(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const open = Symbol("open");
  const wait = new Promise((resolve) => setTimeout(resolve, ms, open));
  return (await Promise.race([promise, wait])) === open;
}
