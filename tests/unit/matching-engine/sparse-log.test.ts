import { SparseLog } from "@castle/services/kernel/sparse-log.ts";
import { assert } from "chai";
import { pino } from "pino";

describe("the sparse log", () => {
  it("says once what comes again and again, and at once what is new", () => {
    const lines: string[] = [];
    const log = new SparseLog(pino({}, { write: (line: string) => lines.push(line) }));
    for (const stream of ["BTCUSDT", "BTCUSDT", "ETHUSDT", "BTCUSDT"])
      log.warn({ stream }, new Error("away"), "no Redis");
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).stream),
      ["BTCUSDT", "ETHUSDT"],
    );
  });
});
