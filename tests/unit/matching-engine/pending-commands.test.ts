import { PendingCommands } from "@castle/services/matching-engine/state/pending-commands.ts";
import { expect } from "chai";
import { accepted, cancel } from "./support/orders.ts";

const command = (seq: number) => accepted(seq, 1, cancel(1));

describe("pending commands", () => {
  it("come out in the order in which they went in, however many", () => {
    const pending = new PendingCommands(4);
    const out: number[] = [];
    for (let seq = 5; seq < 5_000; seq += 1) {
      pending.push(command(seq));
      if (seq % 3 === 0) out.push(pending.shift().seq);
    }
    expect(pending.next?.seq).to.equal(5 + out.length);
    while (pending.size > 0) out.push(pending.shift().seq);
    expect(out).to.deep.equal(Array.from({ length: 4_995 }, (_, at) => at + 5));
    expect(pending.lastSeq).to.equal(4_999);
  });

  it("follow each other without a gap", () => {
    const pending = new PendingCommands(4);
    expect(() => pending.push(command(6))).to.throw("command 6 behind 4");
    expect(() => pending.push(command(4))).to.throw("command 4 behind 4");
    expect(() => pending.shift()).to.throw("no command is pending");
  });

  it("are taken back from the end alone", () => {
    const pending = new PendingCommands(0);
    const [first, second] = [command(1), command(2)];
    pending.push(first);
    pending.push(second);
    expect(() => pending.withdraw(first)).to.throw("not the last one sequenced");
    pending.withdraw(second);
    expect([pending.lastSeq, pending.size, pending.next]).to.deep.equal([1, 1, first]);
    pending.push(command(2));
  });

  it("are known to be logged up to the furthest", () => {
    const pending = new PendingCommands(3);
    expect(pending.loggedUpTo).to.equal(3);
    pending.logged(7);
    pending.logged(5);
    expect(pending.loggedUpTo).to.equal(7);
  });
});
