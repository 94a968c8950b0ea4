import { logBytes, towards, towardsStreaming } from "@castle/lab/servers/replication.ts";
import { expect } from "chai";

const MIB = 1_048_576;

describe("how far a reader has come with its writer's log", () => {
  it("is counted in bytes since the log's beginning, whatever the position's high half", () => {
    expect(logBytes("0/3000028")).to.equal(0x3000028);
    expect(logBytes("2/10")).to.equal(2 * 2 ** 32 + 0x10);
  });

  it("is told from where the waiting began", () => {
    const from = { reads: true, timeline: 1, received: 60 * MIB, replayed: 20 * MIB };
    expect(towards(60.1 * MIB, from, { ...from, replayed: 32.3 * MIB })).to.deep.equal({
      reached: 32.3 * MIB,
      words: "replayed 12.3 of 40.1 MiB",
    });
  });

  it("moves while it replays what it has at home, before anything is sent to it", () => {
    const before = { reads: true, timeline: null, received: 0, replayed: MIB };
    const after = { ...before, replayed: 2 * MIB };
    expect(towardsStreaming(after).reached).to.be.greaterThan(towardsStreaming(before).reached);
    expect(towardsStreaming(after).words).to.equal("is sent nothing yet, 2.0 MiB of log replayed");
  });
});
