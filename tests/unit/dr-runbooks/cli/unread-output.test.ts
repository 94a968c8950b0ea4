import { Writable } from "node:stream";
import { endWhenUnread, goOnUnread } from "@castle/dr-runbooks/cli/unread-output.ts";
import { expect } from "chai";

const gone = (code: string): Error => Object.assign(new Error(`write ${code}`), { code });

describe("output that nobody reads any more", () => {
  const ended: number[] = [];
  let out: Writable;

  beforeEach(() => {
    ended.splice(0);
    out = new Writable();
    endWhenUnread([out], (code) => ended.push(code));
  });

  it("ends a command that only tells something, quietly", () => {
    out.emit("error", gone("EPIPE"));
    expect(ended).to.deep.equal([141]);
  });

  it("does not end a runbook at work, and ends what comes behind it", () => {
    const forget = goOnUnread();
    out.emit("error", gone("EPIPE"));
    out.emit("error", gone("EIO"));
    expect(ended).to.deep.equal([]);
    forget();
    out.emit("error", gone("EPIPE"));
    expect(ended).to.deep.equal([141]);
  });

  it("is no reason to end a runbook at work when the terminal closes; afterwards it is one again", () => {
    const before = process.listenerCount("SIGHUP");
    const [one, two] = [goOnUnread(), goOnUnread()];
    expect(process.listenerCount("SIGHUP")).to.equal(before + 1);
    one();
    expect(process.listenerCount("SIGHUP")).to.equal(before + 1);
    two();
    expect(process.listenerCount("SIGHUP")).to.equal(before);
  });

  it("hides no other error", () => expect(() => out.emit("error", gone("ENOSPC"))).to.throw("ENOSPC"));
});
