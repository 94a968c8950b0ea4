import { Turns } from "@castle/lab/cells/turns.ts";
import { expect } from "chai";

const later = <T>(value: T): Promise<T> => new Promise((resolve) => setImmediate(() => resolve(value)));

describe("taking turns", () => {
  it("runs the work on one key one after the other, in the order it was asked for", async () => {
    const turns = new Turns<string>();
    const seen: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      seen.push(`${name} begins`);
      await later(null);
      seen.push(`${name} ends`);
    };
    await Promise.all([turns.take("key", work("a")), turns.take("key", work("b"))]);
    expect(seen).to.deep.equal(["a begins", "a ends", "b begins", "b ends"]);
  });

  it("lets work on another key run meanwhile", async () => {
    const turns = new Turns<string>();
    let release = (): void => undefined;
    const first = turns.take("one", () => new Promise<void>((resolve) => (release = resolve)));
    expect(await turns.take("other", () => later("done"))).to.equal("done");
    expect(turns.busy("one")).to.equal(true);
    release();
    await first;
    expect(turns.busy("one")).to.equal(false);
  });

  it("goes on after work that failed", async () => {
    const turns = new Turns<string>();
    const failed = turns.take("key", () => Promise.reject(new Error("broken")));
    const next = turns.take("key", () => later("done"));
    expect(await failed.catch((error: Error) => error.message)).to.equal("broken");
    expect(await next).to.equal("done");
  });
});
