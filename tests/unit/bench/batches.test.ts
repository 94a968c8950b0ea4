import { setTimeout as elapse } from "node:timers/promises";
import { expect } from "chai";
import { Batches } from "../../bench/order-cost/reference/batches.ts";

describe("the reference's batches", () => {
  let commits: { readonly items: readonly number[]; readonly done: PromiseWithResolvers<void> }[];
  const commit = (items: readonly number[]): Promise<void> => {
    const done = Promise.withResolvers<void>();
    commits.push({ items, done });
    return done.promise;
  };
  const untilCommits = async (count: number): Promise<void> => {
    while (commits.length < count) await elapse(1);
  };

  beforeEach(() => {
    commits = [];
  });

  it("commits together what comes at about the same time", async () => {
    const batches = new Batches({ gatherMs: 5, mostUnderWay: 2, commit });
    const added = [batches.add(1), batches.add(2)];
    await untilCommits(1);
    expect(commits[0]?.items).to.deep.equal([1, 2]);
    commits[0]?.done.resolve();
    await Promise.all(added);
  });

  it("begins a batch while another is under way", async () => {
    const batches = new Batches({ gatherMs: 1, mostUnderWay: 2, commit });
    void batches.add(1);
    await untilCommits(1);
    void batches.add(2);
    await untilCommits(2);
    expect(commits.map(({ items }) => items)).to.deep.equal([[1], [2]]);
  });

  it("makes a larger batch of what comes while as many as may be are under way", async () => {
    const batches = new Batches({ gatherMs: 1, mostUnderWay: 1, commit });
    void batches.add(1);
    await untilCommits(1);
    void batches.add(2);
    await elapse(20);
    void batches.add(3);
    await elapse(20);
    expect(commits).to.have.length(1);
    commits[0]?.done.resolve();
    await untilCommits(2);
    expect(commits[1]?.items).to.deep.equal([2, 3]);
  });

  it("fails whoever waits for a batch that failed, and goes on with the next", async () => {
    const batches = new Batches({ gatherMs: 1, mostUnderWay: 1, commit });
    const added = batches.add(1).catch((error: Error) => error.message);
    await untilCommits(1);
    commits[0]?.done.reject(new Error("the disk is full"));
    expect(await added).to.equal("the disk is full");
    void batches.add(2);
    await untilCommits(2);
  });
});
