import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { now } from "./clock.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { Desk, type Trader } from "./desk.ts";
import { Figures, type SecondFigures } from "./figures.ts";
import { Listeners } from "./listeners/listeners.ts";
import type { LoadOptions } from "./messages.ts";
import { Notebook } from "./notebook.ts";
import { OpenLoop } from "./open-loop.ts";
import { OrderFlow } from "./order-flow.ts";
import { OwnOrders } from "./own-orders.ts";
import { RecordWriter } from "./record-writer.ts";
import type { RequestSample } from "./records.ts";
import { SecondChances } from "./second-chances.ts";
import { type LoadSummary, SUMMARY_FILE } from "./trader-records.ts";
import { figuresOf, type TimeWindow, type WindowFigures } from "./windows.ts";

/** Most traders share connections, wait briefly, and go on elsewhere. */
const HASTY = { connections: 64, atOnce: 64, waitMs: 1_000, timeoutMs: 2_000, pauseMs: 0 };
const HASTY_WINDOW_MS = 5_000;
/**
 * A patient trader keeps connections of its own to whatever cell is at their other end, also through a freeze, and uses
 * the second when the first has said no: whoever wakes up there finds traders who still hold on to it.
 */
const PATIENT = { connections: 2, atOnce: 1, waitMs: 20_000, timeoutMs: 20_000, pauseMs: 700 };
const PATIENT_WINDOW_MS = 60_000;
/** Patient traders that connect at the same moment. */
const WARMED_AT_ONCE = 16;
/** Second attempts beside the scheduled requests, as a share of their rate. */
const SECOND_CHANCE_SHARE = 0.25;
/** What is still unknown when the load ends may be asked for this long. */
const DRAIN_MS = 60_000;
const LISTENERS_MS = 60_000;
/** Streams tell what the last commands did a moment after their answers. */
const LAST_WORDS_MS = 500;

/** The whole load of a drill, in the process it is called in. */
export class Load {
  readonly #options: LoadOptions;
  readonly #writer: RecordWriter;
  readonly #pools: readonly ConnectionPool[];
  readonly #chances: SecondChances;
  readonly #figures: Figures;
  readonly #samples: RequestSample[] = [];
  readonly #desk: Desk;
  /** null when nobody listens. */
  readonly #listeners: Listeners | null;
  readonly #loop: OpenLoop;
  #startedAt = 0;

  /** @throws Error when an option cannot be: no accounts, an unknown symbol, a folder that cannot be made. */
  constructor(options: LoadOptions, onProblem: (problem: Error) => void) {
    requireSensible(options);
    this.#options = options;
    this.#writer = new RecordWriter(options.recordsFolder);
    const { api, stream } = options.edge;
    const shared = new ConnectionPool({ api, ...HASTY });
    const traders = tradersOf(options, shared);
    this.#pools = [...new Set([shared, ...traders.map((trader) => trader.pool)])];
    this.#chances = new SecondChances(options.rps * SECOND_CHANCE_SHARE);
    this.#figures = new Figures(now());
    const own = new OwnOrders();
    const notebook = new Notebook(this.#writer, own);
    this.#desk = new Desk({
      ...{ traders, own, notebook, figures: this.#figures, chances: this.#chances, onProblem },
      onSample: (sample) => {
        this.#samples.push(sample);
        this.#writer.write("requests", sample);
      },
    });
    this.#listeners =
      stream === null
        ? null
        : new Listeners({
            ...{ stream, symbols: options.symbols, pool: shared, writer: this.#writer, notebook, onProblem },
            accounts: options.accounts.slice(0, options.userStreams),
          });
    const flow = new OrderFlow({
      ...{ seed: options.seed, symbols: options.symbols, traders: traders.length },
      prefix: `${Math.floor(now()).toString(36)}-${options.seed.toString(36)}`,
    });
    this.#loop = new OpenLoop(
      options.rps,
      (due) => void this.#desk.carryOut(flow.next(), due),
      options.rampMs,
    );
  }

  /**
   * Connects, so that nothing is missed and nothing is slow at first, and begins.
   * @returns when the first request was due: milliseconds since 1970. @throws Error when the streams do not open
   */
  async start(): Promise<number> {
    await warm(this.#pools);
    if (!(await until(() => this.#listeners?.allOpen ?? true, LISTENERS_MS)))
      throw new Error(
        `the streams at ${this.#options.edge.stream} did not open within ${LISTENERS_MS / 1_000} s; is a cell active, and its market data up?`,
      );
    this.#startedAt = this.#loop.start();
    return this.#startedAt;
  }

  second(): SecondFigures {
    return this.#figures.second(now(), this.#desk.underWay);
  }

  figures(windows: readonly TimeWindow[]): WindowFigures {
    return figuresOf(this.#samples, windows);
  }

  /** Ends the load: nothing new is sent, what is unknown is asked for, then everything is in the records' folder. */
  async stop(): Promise<void> {
    this.#loop.stop();
    const stoppedAt = now();
    this.#chances.rate = this.#options.rps;
    await until(() => this.#desk.underWay === 0, DRAIN_MS);
    await new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS));
    this.#listeners?.close();
    this.#chances.close();
    for (const pool of this.#pools) pool.close();
    // Whoever was given up just now writes that down first.
    await new Promise((resolve) => setImmediate(resolve));
    await this.#writer.close();
    const summary: LoadSummary = {
      startedAt: this.#startedAt,
      stoppedAt,
      rps: this.#options.rps,
      seed: this.#options.seed,
      totals: this.#figures.totals,
      underWay: this.#desk.underWay,
      series: this.#figures.series(now()),
    };
    await writeFile(join(this.#options.recordsFolder, SUMMARY_FILE), JSON.stringify(summary));
  }
}

function requireSensible({ accounts, symbols, rps, patientShare }: LoadOptions): void {
  const mistakes = [
    ...(accounts.length > 0 ? [] : ["accounts: at least one is needed"]),
    ...(symbols.length > 0 ? [] : ["symbols: at least one is needed"]),
    ...(rps > 0 ? [] : [`rps: must be above 0, got ${rps}`]),
    ...(patientShare >= 0 && patientShare <= 1 ? [] : [`patientShare: must be 0 to 1, got ${patientShare}`]),
  ];
  if (mistakes.length > 0) throw new Error(`the load cannot start:\n${mistakes.join("\n")}`);
}

function tradersOf({ accounts, patientShare, edge }: LoadOptions, shared: ConnectionPool): Trader[] {
  const hasty = accounts.length - Math.round(accounts.length * patientShare);
  return accounts.map((account, index) =>
    index < hasty
      ? { account, pool: shared, recvWindow: HASTY_WINDOW_MS }
      : {
          account,
          pool: new ConnectionPool({ api: edge.api, ...PATIENT }),
          recvWindow: PATIENT_WINDOW_MS,
        },
  );
}

/** Opens every pool's connections, a few pools at a time. */
async function warm(pools: readonly ConnectionPool[]): Promise<void> {
  for (let at = 0; at < pools.length; at += WARMED_AT_ONCE)
    await Promise.all(pools.slice(at, at + WARMED_AT_ONCE).map((pool) => pool.warm()));
}

/** @returns whether it came to hold in time */
async function until(holds: () => boolean, withinMs: number): Promise<boolean> {
  const deadline = now() + withinMs;
  while (!holds()) {
    if (now() >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
