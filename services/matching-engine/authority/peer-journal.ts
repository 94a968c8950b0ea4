import { setTimeout as delay } from "node:timers/promises";
import { seconds } from "@castle/regions/duration.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import { isStaleEpoch } from "@castle/services/kernel/database/connect.ts";
import type { AcceptedCommand, Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import { JournalClient, type MarkList } from "@castle/services/kernel/journal/journal-client.ts";
import type { Logger } from "@castle/services/kernel/log.ts";
import { Recurring } from "@castle/services/kernel/recurring.ts";
import { JournalBacklog } from "./journal-backlog.ts";

const CONFIRM_EVERY_MS = 250;
const RECONNECT_AFTER_MS = 150;
/** With an answer due this long the link is a black hole: giving the connection up tells us more than waiting. */
const SILENT_AFTER_MS = 1_000;

/** Its engine says so twice a second. */
const FOLLOWED_WITHIN = seconds(2);

export interface PeerJournalOptions {
  readonly url: string;
  readonly name: string;
  readonly epoch: Epoch;
  readonly log: Logger;
  readonly onMark: (stream: StreamId, mark: Seq) => void;
  /** The journal has left our epoch: we are fenced. */
  readonly onStale: (because: string) => void;
}

/**
 * Keeps the line to the peer's journal open through every outage, in one epoch. An append that gets lost with a
 * connection is not repeated here: the backfill finds what the journal lacks.
 */
export class PeerJournal {
  readonly #options: PeerJournalOptions;
  #client: JournalClient | null = null;
  readonly #marks = new Map<StreamId, Seq>();
  readonly #backlog = new JournalBacklog();
  #confirmedAt = Number.NEGATIVE_INFINITY;
  readonly #startedAt = performance.now();
  readonly #sessions: Recurring;

  constructor(options: PeerJournalOptions) {
    this.#options = options;
    this.#sessions = new Recurring({
      pauseMs: RECONNECT_AFTER_MS,
      once: () => this.#session(),
      failed: (error) => options.log.debug({ err: error }, "no session with the peer's journal"),
    });
  }

  start(): void {
    this.#sessions.start();
  }

  async stop(): Promise<void> {
    const stopped = this.#sessions.stop();
    this.#client?.destroy("the epoch is over here");
    await stopped;
  }

  /** Open, in our epoch, as far as known. */
  get up(): boolean {
    return this.#client !== null;
  }

  /** When the last call that the journal answered in our epoch was *sent* (performance.now()). */
  get confirmedAt(): number {
    return this.#confirmedAt;
  }

  /** How far the journal is known to reach: not the same as what may be acknowledged, which in `solo` is further. */
  reaches(stream: StreamId): Seq {
    return this.#marks.get(stream) ?? 0;
  }

  unreachableForMs(): number {
    return performance.now() - Math.max(this.#confirmedAt, this.#startedAt);
  }

  /** For how long the peer has come no nearer to holding what it was offered; 0 when it holds everything. */
  lackingForMs(): number {
    return this.#backlog.forMs(performance.now());
  }

  /** Sends commands on their way; the marks tell what became of them. */
  append(commands: readonly AcceptedCommand[]): void {
    this.#offered(commands);
    const client = this.#client;
    if (!client || commands.length === 0) return;
    void this.#call(client, () => client.append(this.#options.epoch, commands));
  }

  /** Appends and waits: for backfills. @returns whether the journal took them. */
  async appended(commands: readonly AcceptedCommand[]): Promise<boolean> {
    this.#offered(commands);
    const client = this.#client;
    if (!client) return false;
    return this.#call(client, () => client.append(this.#options.epoch, commands));
  }

  /** Whether the peer's database is known to follow now: it then holds what the journal was spared. */
  async standbyFollows(): Promise<boolean> {
    const client = this.#client;
    if (!client) return false;
    try {
      return await client.standbyFollowed(this.#options.epoch, FOLLOWED_WITHIN);
    } catch (error) {
      this.#failed(client, error as Error);
      return false;
    }
  }

  /** Asks for the marks now. */
  async refresh(): Promise<boolean> {
    const client = this.#client;
    if (!client) return false;
    return this.#call(client, () => client.marks(this.#options.epoch));
  }

  async #call(client: JournalClient, ask: () => Promise<MarkList>): Promise<boolean> {
    const sentAt = performance.now();
    try {
      const marks = await ask();
      this.#confirmedAt = Math.max(this.#confirmedAt, sentAt);
      for (const { stream, mark } of marks) this.#reached(stream, mark);
      return true;
    } catch (error) {
      this.#failed(client, error as Error);
      return false;
    }
  }

  #offered(commands: readonly AcceptedCommand[]): void {
    const now = performance.now();
    for (const { stream, seq } of commands) this.#backlog.offered(stream, seq, this.reaches(stream), now);
  }

  #reached(stream: StreamId, mark: Seq): void {
    if (mark > this.reaches(stream)) {
      this.#marks.set(stream, mark);
      this.#backlog.reached(stream, mark, performance.now());
    }
    this.#options.onMark(stream, mark);
  }

  #failed(client: JournalClient, error: Error): void {
    if (isStaleEpoch(error)) {
      this.#options.onStale(`the peer's journal refused: ${error.message}`);
      return;
    }
    if (this.#client !== client) return;
    this.#client = null;
    if (!this.#sessions.signal.aborted)
      this.#options.log.warn({ err: error }, "the peer's journal did not do what it was asked");
    client.destroy("a call failed");
  }

  /** One connection's life: open, raise the epoch, then confirm until it fails. */
  async #session(): Promise<void> {
    const { url, name, epoch, log, onStale } = this.#options;
    let lost = false;
    const client = await JournalClient.open(url, {
      name: `${name} journal`,
      onLost: (error) => {
        lost = true;
        if (this.#client !== null) this.#failed(client, error);
      },
    });
    const watchdog = setInterval(() => {
      if (client.silentForMs() > SILENT_AFTER_MS) client.destroy(`no answer for ${SILENT_AFTER_MS} ms`);
    }, 100);
    try {
      const held = await client.raiseEpoch(epoch);
      if (held !== epoch) return onStale(`the peer's journal is at epoch ${held}, past our ${epoch}`);
      this.#client = client;
      log.info({ epoch }, "appending to the peer's journal");
      while (!lost && this.#client === client && !this.#sessions.signal.aborted) {
        await this.#call(client, () => client.marks(epoch));
        await delay(CONFIRM_EVERY_MS, undefined, { signal: this.#sessions.signal });
      }
    } finally {
      clearInterval(watchdog);
      if (this.#client === client) this.#client = null;
      client.destroy("the session is over");
    }
  }
}
