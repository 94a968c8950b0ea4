import { Recurring } from "@castle/services/kernel/recurring.ts";
import { expect } from "chai";

describe("what recurs", () => {
  it("goes on after a time that failed, and tells of it", async () => {
    const told: string[] = [];
    let times = 0;
    await new Promise<void>((done) => {
      const recurring = new Recurring({
        pauseMs: 1,
        once: async () => {
          times += 1;
          if (times < 3) throw new Error(`time ${times}`);
          void recurring.stop().then(done);
        },
        failed: ({ message }) => told.push(message),
      });
      recurring.start();
    });
    expect([times, told]).to.deep.equal([3, ["time 1", "time 2"]]);
  });

  it("is stopped when what was under way has ended, whose failure nobody is told of then", async () => {
    const told: string[] = [];
    let end: () => void = () => undefined;
    const recurring = new Recurring({
      pauseMs: 60_000,
      once: () => new Promise((_, fail) => (end = () => fail(new Error("too late")))),
      failed: ({ message }) => told.push(message),
    });
    recurring.start();
    let stopped = false;
    const stopping = recurring.stop().then(() => (stopped = true));
    await Promise.resolve();
    expect([stopped, recurring.signal.aborted]).to.deep.equal([false, true]);
    end();
    await stopping;
    expect(told).to.deep.equal([]);
  });
});
