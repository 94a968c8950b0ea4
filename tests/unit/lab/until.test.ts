import { until } from "@castle/lab/processes/until.ts";
import { expect } from "chai";

const rejectionOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => {
      throw new Error("it was not rejected");
    },
    (error: Error) => error,
  );

const quick = { withinMs: 20, everyMs: 1 };

describe("waiting for a condition", () => {
  it("gives up when nothing moves, and names what it waited for", async () => {
    const error = await rejectionOf(until(() => false, { ...quick, what: "a miracle" }));
    expect(error.message).to.match(/in vain for a miracle$/);
  });

  it("goes on beyond its patience for as long as it comes nearer", async () => {
    const startedAt = performance.now();
    let reached = 0;
    await until(
      () =>
        performance.now() - startedAt > 5 * quick.withinMs || { reached: ++reached, words: `at ${reached}` },
      { ...quick, what: "the end of a backlog" },
    );
    expect(performance.now() - startedAt).to.be.greaterThan(5 * quick.withinMs);
  });

  it("gives up on what goes back and forth, and tells where it stood", async () => {
    let readings = 0;
    const error = await rejectionOf(
      until(() => ({ reached: ++readings % 3, words: `${readings % 3} of 9` }), { ...quick, what: "nine" }),
    );
    expect(error.message).to.match(/in vain for nine \(\d of 9, for 0.02 s now\)$/);
  });

  it("takes a reading that fails for none, and tells why it failed", async () => {
    const error = await rejectionOf(
      until(() => Promise.reject(new Error("no answer")), { ...quick, what: "a server" }),
    );
    expect(error.message).to.match(/in vain for a server: no answer$/);
  });
});
