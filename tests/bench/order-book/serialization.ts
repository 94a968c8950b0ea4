import { OrderBook } from "@castle/services/matching-engine/book/order-book.ts";
import { outcomeOf } from "@castle/services/matching-engine/book/outcome-of.ts";
import { CpuClock } from "./cpu-clock.ts";
import { Flow } from "./flow.ts";
import type { Workload } from "./workloads.ts";

const BATCH = 10_000;
const WARM_UP = 20_000;
const OUTCOMES = 100_000;

/** Operations per second of CPU, each from the command to the text of its outcome. */
export function serializedPerSecond({ symbol, resting, makeResting, makeNext }: Workload): number {
  const flow = new Flow(symbol);
  const book = OrderBook.empty(symbol);
  const clock = new CpuClock();
  for (let n = 0; n < resting; n += 1) book.apply(makeResting(flow));
  for (let done = 0; done < WARM_UP + OUTCOMES; done += BATCH) {
    if (done === WARM_UP) clock.reset();
    const batch = Array.from({ length: BATCH }, () => makeNext(flow));
    const bytes = clock.run(() =>
      batch.reduce((sum, accepted) => sum + JSON.stringify(outcomeOf(book.apply(accepted))).length, 0),
    );
    if (bytes === 0) throw new Error("outcomes without a text");
  }
  return OUTCOMES / clock.seconds;
}
