import type { Seq, StreamId } from "../kernel/domain/command.ts";
import type { Outcome } from "../kernel/domain/outcome.ts";
import { DepthBatch } from "./events/depth-batch.ts";
import { executionReport } from "./events/execution-report.ts";
import { tradeEvent } from "./events/trade-event.ts";
import { metrics } from "./metrics.ts";
import type { Audience } from "./sockets/audience.ts";
import { depthTopics, tradeTopics, userTopics } from "./wire/stream-name.ts";

/** Turns outcomes into messages: trades and execution reports at once, depth in batches. */
export class Broadcast {
  readonly #audience: Audience;
  #depth = new Map<StreamId, DepthBatch>();

  constructor(audience: Audience) {
    this.#audience = audience;
  }

  /** @param positions where each stream begins: the first update's `U` is one more */
  begin(positions: ReadonlyMap<StreamId, Seq>): void {
    this.#depth = new Map(
      [...positions].map(([symbol, position]) => [symbol, new DepthBatch(symbol, position)]),
    );
  }

  tell(outcome: Outcome): void {
    this.#depth.get(outcome.stream)?.add(outcome);
    const now = Date.now();
    for (const trade of outcome.trades)
      this.#publish(tradeTopics(outcome.stream), () => tradeEvent(outcome, trade, now));
    for (const report of outcome.reports)
      this.#publish(userTopics(report.accountId), () => executionReport(outcome, report, now));
  }

  /** Tells every symbol's batch. Called each 100 ms. */
  tellDepth(): void {
    const now = Date.now();
    for (const [symbol, batch] of this.#depth) {
      const update = batch.take(now);
      if (update) this.#publish(depthTopics(symbol), () => update);
    }
  }

  #publish(topics: readonly string[], event: () => object): void {
    const sent = this.#audience.publish(topics, event);
    if (sent > 0) metrics.messagesSent.inc(sent);
  }
}
