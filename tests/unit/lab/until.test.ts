import { until } from "@castle/lab/processes/until.ts";
import { expect } from "chai";

const rejectionOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => {
      throw new Error("it was not rejected");
    },
    (error: Error) => error,
  );

describe("waiting for a condition", () => {
  it("gives up when nothing comes nearer, and names what it waited for", async () => {
    const error = await rejectionOf(until(() => false, { what: "a miracle", withinMs: 20, everyMs: 1 }));
    expect(error.message).to.match(/in vain for a miracle$/);
  });

  it("goes on beyond its patience while it comes nearer", async () => {
    let looks = 0;
    const withinMs = 20;
    const startedAt = performance.now();
    await until(() => ++looks > 1 && performance.now() - startedAt > 3 * withinMs, {
      ...{ what: "the end of a backlog", withinMs, everyMs: 1, nearerAt: () => performance.now() },
    });
    expect(performance.now() - startedAt).to.be.greaterThan(withinMs);
  });

  it("ends all the same, however near it comes", async () => {
    const error = await rejectionOf(
      until(() => false, { what: "ever", withinMs: 2, everyMs: 1, nearerAt: () => performance.now() }),
    );
    expect(error.message).to.contain("in vain for ever");
  });
});
