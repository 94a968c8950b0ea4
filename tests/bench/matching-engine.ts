/** How fast the order book is, alone and against the published library of its kind; see --help. */
import { execFile } from "node:child_process";
import { loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { compare } from "./order-book/compare.ts";
import type { MemoryOfOrders } from "./order-book/memory.ts";
import { restoredPerSecond } from "./order-book/restore.ts";
import { serializedPerSecond } from "./order-book/serialization.ts";
import { busyMarket, workloads } from "./order-book/workloads.ts";

const LOWEST_RATIO = 15;

const HELP = `Usage: node tests/bench/matching-engine.ts [--json]

Measures Castle's order book on one core, in operations (a command applied: an order placed or cancelled) per second of
CPU. The same commands, of 100,000 accounts, go in turns to nodejs-order-book 10.1.1, and both books must be equal in the
end. The library computes less: it reports fills without money, in floating point numbers.

Exits with 1 when the library is less than ${LOWEST_RATIO} times slower in the busy market ("${busyMarket.name}").
What the ratio is elsewhere is printed beside it. Takes less than two minutes.

  --json   prints an array of objects instead of a table
  --help   prints this
`;

interface Row {
  readonly name: string;
  readonly unit: string;
  readonly castle: number;
  readonly library: number | null;
  /** How many times faster Castle is; null where there is nothing to compare. */
  readonly ratio: number | null;
  readonly note: string;
}

async function* measure(): AsyncGenerator<Row> {
  for (const workload of workloads) {
    const { castle, library, operations, fills } = compare(workload);
    const note = workload.libraryLeftOut ?? `${(fills / operations).toFixed(2)} fills an operation`;
    yield { name: workload.name, unit: "ops/s", castle, library, ratio: library && castle / library, note };
  }
  const alone = { library: null, ratio: null };
  const castle = serializedPerSecond(busyMarket);
  yield { ...alone, name: "busy market, with outcomes as JSON", unit: "ops/s", castle, note: "" };
  for (const count of [100_000, 1_000_000]) {
    const name = `restore, each of ${count.toLocaleString("en")} orders a level`;
    yield { ...alone, name, unit: "orders/s", castle: restoredPerSecond(count), note: "" };
  }
  const { shared, alone: own } = await memoryOfOrders();
  yield { ...alone, name: "memory, 20 orders a level", unit: "bytes/order", castle: shared, note: "" };
  yield { ...alone, name: "memory, each order a level", unit: "bytes/order", castle: own, note: "" };
}

async function memoryOfOrders(): Promise<MemoryOfOrders> {
  const script = join(import.meta.dirname, "order-book", "memory.ts");
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", script]);
  return JSON.parse(stdout);
}

function lineOf({ name, unit, castle, library, ratio, note }: Row): string {
  const figure = (value: number): string => Math.round(value).toLocaleString("en").padStart(11);
  const compared = library && ratio ? `${figure(library)} ${ratio.toFixed(1).padStart(7)}` : " ".repeat(19);
  return `${name.padEnd(40)}${figure(castle)} ${unit.padEnd(11)}${compared}  ${note}`.trimEnd();
}

const { values } = parseArgs({ options: { json: { type: "boolean" }, help: { type: "boolean" } } });
if (values.help) {
  console.log(HELP);
} else {
  const rows: Row[] = [];
  if (!values.json) console.log(`${"Castle".padStart(51)}${"nodejs-order-book".padStart(23)}   ratio`);
  for await (const row of measure()) {
    rows.push(row);
    if (!values.json) console.log(lineOf(row));
  }
  const ratio = rows.find(({ name }) => name === busyMarket.name)?.ratio ?? 0;
  if (values.json) console.log(JSON.stringify(rows, null, 2));
  else
    console.log(
      `\nRatio in the busy market ${ratio.toFixed(1)}, at least ${LOWEST_RATIO} required; load average ${loadavg()[0]?.toFixed(1)}`,
    );
  if (ratio < LOWEST_RATIO) process.exitCode = 1;
}
