import type { AccountId, Seq, StreamId } from "../../kernel/domain/command.ts";
import type { Trade } from "../../kernel/domain/outcome.ts";
import { type AppliedCommand, weightOf } from "../application/applied-command.ts";
import { ClosedOrders } from "./closed-orders.ts";

/** What may wait for its projection. */
export interface UnprojectedLimits {
  readonly commands: number;
  readonly bytes: number;
}

/** At 512 MiB a pod: enough for half a minute at 1,000 commands a second, and for the longest sweeps. */
export const standardLimits: UnprojectedLimits = { commands: 60_000, bytes: 96 * 2 ** 20 };

/** What one chunk holds at most, so that its transaction is short, whatever its commands did. */
export interface ChunkLimits {
  readonly commands: number;
  readonly fills: number;
  readonly bytes: number;
}

/**
 * The commands that are applied and not yet in the projection, in the order in which they were applied: what the
 * projection is made of, and what is answered from memory meanwhile.
 */
export class Unprojected {
  readonly #limits: UnprojectedLimits;
  #commands: AppliedCommand[] = [];
  #bytes = 0;
  readonly #bySeq = new Map<StreamId, Map<Seq, AppliedCommand>>();
  readonly closedOrders = new ClosedOrders();

  constructor(limits: UnprojectedLimits = standardLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#commands.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** For how long the oldest has been applied; 0 when everything is projected. Milliseconds. */
  lagMs(now = performance.now()): number {
    const oldest = this.#commands[0];
    return oldest ? now - oldest.at : 0;
  }

  /** Whether another command may be applied. */
  get hasRoom(): boolean {
    return this.#commands.length < this.#limits.commands && this.#bytes < this.#limits.bytes;
  }

  /** Whether no more should be accepted until some of it is projected: before there is no room to apply what was. */
  get isOverloaded(): boolean {
    return this.#commands.length > this.#limits.commands / 2 || this.#bytes > this.#limits.bytes / 2;
  }

  add(command: AppliedCommand): void {
    const { stream, seq } = command.accepted;
    this.#commands.push(command);
    this.#bytes += weightOf(command);
    let bySeq = this.#bySeq.get(stream);
    if (!bySeq) {
      bySeq = new Map();
      this.#bySeq.set(stream, bySeq);
    }
    bySeq.set(seq, command);
    this.closedOrders.add(command);
  }

  outcome(stream: StreamId, seq: Seq): string | undefined {
    return this.#bySeq.get(stream)?.get(seq)?.outcome;
  }

  /** Outcomes of the stream behind `after`, in order, as JSON. */
  outcomesAfter(stream: StreamId, after: Seq): string[] {
    return [...(this.#bySeq.get(stream)?.values() ?? [])]
      .filter(({ accepted }) => accepted.seq > after)
      .map(({ outcome }) => outcome);
  }

  /** The account's trades in the stream, oldest first. */
  tradesOf(stream: StreamId, accountId: AccountId): { readonly trade: Trade; readonly time: number }[] {
    const trades: { trade: Trade; time: number }[] = [];
    for (const { applied } of this.#bySeq.get(stream)?.values() ?? [])
      for (const trade of applied.outcome.trades)
        if (trade.makerAccountId === accountId || trade.takerAccountId === accountId)
          trades.push({ trade, time: applied.outcome.time });
    return trades;
  }

  account(apiKey: string): { readonly accountId: AccountId; readonly sealedSecret: string } | undefined {
    for (const { applied } of this.#commands)
      for (const account of applied.accounts) if (account.apiKey === apiKey) return account;
    return undefined;
  }

  /** The oldest, as many as a chunk may hold; at least one, if there is any. */
  chunk(limits: ChunkLimits): readonly AppliedCommand[] {
    let fills = 0;
    let bytes = 0;
    let end = 0;
    for (const command of this.#commands) {
      fills += command.applied.outcome.trades.length;
      bytes += weightOf(command);
      if (end > 0 && (end >= limits.commands || fills > limits.fills || bytes > limits.bytes)) break;
      end += 1;
    }
    return this.#commands.slice(0, end);
  }

  /** The oldest are in the projection now. */
  projected(chunk: readonly AppliedCommand[]): void {
    this.#commands = this.#commands.slice(chunk.length);
    for (const command of chunk) {
      const { stream, seq } = command.accepted;
      this.#bytes -= weightOf(command);
      this.#bySeq.get(stream)?.delete(seq);
      this.closedOrders.projected(command);
    }
  }
}
