import { tellStatus } from "@castle/dr-runbooks/cli/tell-status.ts";
import { measureExposure, tellExposure } from "@castle/dr-runbooks/runbooks/exposure.ts";
import { castleStatus } from "@castle/dr-runbooks/status.ts";
import { expect } from "chai";
import { HandoverRig, HOME, PEER } from "./support/handover-rig.ts";

describe("the status of a Castle", () => {
  let rig: HandoverRig;
  before(async () => {
    rig = await HandoverRig.start({ home: "alive" });
  });
  after(() => rig.stop());
  beforeEach(async () => {
    await rig.reset();
    await rig.home?.accept("BTCUSDT", 1, 5);
    await rig.peer.accept("BTCUSDT", 1, 3);
    await rig.peer.append(1, "BTCUSDT", 1, 4);
  });

  it("tells witness, databases, journals, caches and endpoints", async () => {
    const status = await castleStatus(rig.target);
    expect(status.witness).to.include({ epoch: 1, activeRegion: HOME, mode: "paired" });
    const [home, peer] = status.cells;
    expect(home?.database).to.deep.include({ writer: true, epoch: 1, region: HOME, gate: "open" });
    expect(peer?.journal).to.deep.equal({ epoch: 1, marks: { BTCUSDT: 4 } });
    expect(peer?.cache).to.deep.equal({ role: "slave" });
    expect(peer?.endpoint).to.deep.equal({ weight: 128 });
    expect(status.unfinished).to.deep.equal([]);
  });

  it("tells what does not answer beside what does, without waiting for ever", async () => {
    rig.aws.lost.add("us-west-2");
    await rig.peer.servers.database.daemon.freeze();
    try {
      const status = await castleStatus(rig.target);
      const peer = status.cells[1];
      expect(peer?.database).to.have.property("unreachable");
      expect(peer?.endpoint).to.have.property("unreachable");
      expect(peer?.journal).to.include({ epoch: 1 });
      expect(tellStatus(status, Date.now()).join("\n")).to.match(
        /database +unreachable \(.*(no answer|timeout)/,
      );
    } finally {
      await rig.peer.servers.database.daemon.thaw();
    }
  });

  it("counts what a handover now would lose", async () => {
    await rig.reset("solo");
    await rig.home?.accept("BTCUSDT", 1, 9);
    await rig.peer.accept("BTCUSDT", 1, 3);
    await rig.peer.append(1, "BTCUSDT", 1, 4);
    const exposure = await measureExposure(rig.target, PEER, await rig.witness.inspect());
    const [mode, missing] = tellExposure(exposure, exposure.since + 12_300);
    expect(mode).to.contain("eu-west-1 has been solo for 12.3 s");
    expect(missing).to.contain("lacks, at this moment: 5 of BTCUSDT");
  });
});
