import { ChangeUnderWay } from "@castle/lab/aws/change-under-way.ts";
import { expect } from "chai";

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("ChangeUnderWay", () => {
  it("shows a change from begin until its work has ended", async () => {
    const change = new ChangeUnderWay<string>();
    const { promise, resolve } = Promise.withResolvers<void>();
    const now = () =>
      change.with(
        async () => {},
        (_, current) => current,
      );
    expect(await now()).to.equal(null);
    const ends: (string | null)[] = [];
    change.begin(
      "a",
      () => promise,
      (failure) => ends.push(failure),
    );
    expect(await now()).to.equal("a");
    expect(ends).to.deep.equal([]);
    resolve();
    await settled();
    expect(await now()).to.equal(null);
    expect(ends).to.deep.equal([null]);
  });

  it("tells why work failed, thrown or rejected, and is free again", async () => {
    const change = new ChangeUnderWay<string>();
    const ends: (string | null)[] = [];
    const works: (() => Promise<void>)[] = [
      () => Promise.reject(new Error("rejected")),
      () => {
        throw new Error("thrown");
      },
    ];
    for (const work of works) {
      change.begin("a", work, (failure) => ends.push(failure));
      await settled();
    }
    expect(ends).to.deep.equal(["rejected", "thrown"]);
  });

  it("takes no second change while one is under way", () => {
    const change = new ChangeUnderWay<string>();
    const begin = () =>
      change.begin(
        "a",
        () => new Promise(() => {}),
        () => {},
      );
    begin();
    expect(begin).to.throw("a change is under way already");
  });

  it("reads the state again when a change ended while it was being read", async () => {
    const change = new ChangeUnderWay<string>();
    const { promise: work, resolve: endWork } = Promise.withResolvers<void>();
    let writer = "home";
    change.begin(
      "to peer",
      () =>
        work.then(() => {
          writer = "peer";
        }),
      () => {},
    );
    let reads = 0;
    const readSlowly = async () => {
      reads += 1;
      const seen = writer;
      endWork();
      await settled();
      return seen;
    };
    const together = await change.with(readSlowly, (state, current) => ({ state, current }));
    expect(together).to.deep.equal({ state: "peer", current: null });
    expect(reads).to.equal(2);
  });
});
