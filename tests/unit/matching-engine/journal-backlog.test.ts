import { JournalBacklog } from "@castle/services/matching-engine/authority/journal-backlog.ts";
import { expect } from "chai";

describe("what the peer's journal lacks", () => {
  it("is nothing while everything that was offered arrives, however long nothing was offered before", () => {
    const backlog = new JournalBacklog();
    backlog.offered("S", 1, 0, 10);
    backlog.reached("S", 1, 20);
    backlog.offered("S", 2, 1, 5_000);
    expect(backlog.forMs(5_010)).to.equal(10);
    backlog.reached("S", 2, 5_020);
    expect(backlog.forMs(9_000)).to.equal(0);
  });

  it("counts from the first that did not arrive, whatever is offered after it", () => {
    const backlog = new JournalBacklog();
    backlog.offered("S", 1, 0, 10);
    backlog.offered("S", 2, 0, 900);
    expect(backlog.forMs(1_010)).to.equal(1_000);
  });

  it("counts from the last progress while some of it arrives", () => {
    const backlog = new JournalBacklog();
    backlog.offered("S", 9, 0, 0);
    backlog.reached("S", 4, 700);
    expect(backlog.forMs(1_000)).to.equal(300);
  });

  it("is as old as in the worst stream: one that is refused is not hidden by those that are taken", () => {
    const backlog = new JournalBacklog();
    backlog.offered("refused", 1, 0, 0);
    for (let at = 1; at <= 1_000; at += 100) {
      backlog.offered("taken", at, at - 1, at);
      backlog.reached("taken", at, at + 50);
    }
    expect(backlog.forMs(1_000)).to.equal(1_000);
  });

  it("leaves out what the peer is known to hold already", () => {
    const backlog = new JournalBacklog();
    backlog.offered("S", 3, 3, 0);
    expect(backlog.forMs(1_000)).to.equal(0);
  });
});
