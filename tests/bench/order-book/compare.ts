import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import { OrderBook } from "@castle/services/matching-engine/book/order-book.ts";
import { OrderBook as LibraryBook } from "nodejs-order-book";
import { CpuClock } from "./cpu-clock.ts";
import { Flow } from "./flow.ts";
import { callLibrary, libraryCall, requireSameBooks } from "./library.ts";
import type { Workload } from "./workloads.ts";

/** Commands are made outside of the clock, so many at a time: as batches reach an engine. */
const BATCH = 10_000;
/** Not measured: by then both are compiled. */
const WARM_UP = 30_000;
/** Of CPU, for what is measured: a slow machine measures fewer operations instead of taking longer. */
const MOST_SECONDS = 8;

export interface Comparison {
  readonly operations: number;
  readonly fills: number;
  /** Operations per second of CPU. */
  readonly castle: number;
  /** null when the library was left out. */
  readonly library: number | null;
}

/** Gives the same batches of commands to Castle's book and to the library's, in turns. */
export function compare(workload: Workload): Comparison {
  const { symbol } = workload;
  const flow = new Flow(symbol);
  const book = OrderBook.empty(symbol);
  const library = workload.libraryLeftOut === null ? new LibraryBook() : null;
  const castleClock = new CpuClock();
  const libraryClock = new CpuClock();
  let fills = 0;

  const play = (count: number, make: (flow: Flow) => AcceptedCommand): void => {
    const batch = Array.from({ length: count }, () => make(flow));
    castleClock.run(() => {
      for (const accepted of batch) fills += book.apply(accepted).fills.length;
    });
    if (!library) return;
    const calls = batch.map((accepted) => libraryCall(accepted, symbol));
    libraryClock.run(() => {
      for (const call of calls) callLibrary(library, call);
    });
  };

  for (let left = workload.resting; left > 0; left -= BATCH)
    play(Math.min(left, BATCH), workload.makeResting);
  for (let done = 0; done < WARM_UP; done += BATCH) play(BATCH, workload.makeNext);
  castleClock.reset();
  libraryClock.reset();
  fills = 0;
  let operations = 0;
  while (operations < workload.operations && castleClock.seconds + libraryClock.seconds < MOST_SECONDS) {
    play(BATCH, workload.makeNext);
    operations += BATCH;
  }
  if (library) requireSameBooks(book, library);
  return {
    operations,
    fills,
    castle: operations / castleClock.seconds,
    library: library && operations / libraryClock.seconds,
  };
}
