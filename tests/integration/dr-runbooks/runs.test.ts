import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listExecutions } from "@castle/dr-runbooks/engine/record.ts";
import { whoActs } from "@castle/dr-runbooks/engine/who.ts";
import { keyFileIn, publicKeyFile } from "@castle/dr-runbooks/evidence/signing-key.ts";
import { verifyEvidence } from "@castle/dr-runbooks/evidence/verify.ts";
import { cancelExecution } from "@castle/dr-runbooks/runbooks/cancel.ts";
import { ExecutionRefused } from "@castle/dr-runbooks/runbooks/errors.ts";
import { runFailover } from "@castle/dr-runbooks/runbooks/run.ts";
import { expect } from "chai";
import { castle, type Ended } from "./support/castle.ts";
import { HandoverRig, HOME, PEER } from "./support/handover-rig.ts";
import { killedAt } from "./support/killed.ts";
import { rejection } from "./support/rejection.ts";

const because = "the edge was done by hand";

describe("an execution that was begun", () => {
  let rig: HandoverRig;
  before(async () => {
    rig = await HandoverRig.start({ home: "alive" });
  });
  after(() => rig.stop());
  beforeEach(() => rig.reset());

  const execution = async () => {
    const [only] = await listExecutions(rig.target.runsFolder);
    if (!only) throw new Error("nothing was recorded");
    return only;
  };
  const evidence = () => {
    const { runsFolder: folder } = rig.target;
    return verifyEvidence({ folder, publicKey: publicKeyFile(keyFileIn(folder)) });
  };
  const run = (...args: string[]): Promise<Ended> =>
    castle([...args, "--target", rig.targetFile()], rig.target.runsFolder);

  it("is canceled before it took the role: what it did is taken back, and it is over", async () => {
    await killedAt(rig, "switchover", "drain");
    expect(await rig.home?.role()).to.include({ gate: "closed" });
    const { id } = await execution();
    await cancelExecution({ target: rig.target, id, because: "called off" });

    expect(await rig.home?.role()).to.deep.equal({ epoch: 1, region: HOME, gate: "open" });
    expect(await rig.witness.read()).to.include({ epoch: 1, activeRegion: HOME });
    const { finished } = await execution();
    expect(finished).to.deep.include({ outcome: "canceled", because: "called off", by: whoActs() });
    const again = await rejection(cancelExecution({ target: rig.target, id, because: "called off" }));
    expect(String(again)).to.contain("is over: canceled (called off)");
    expect((await evidence()).problems).to.deep.equal([]);
  });

  it("and took the role is not canceled, only continued, and by its name", async () => {
    await killedAt(rig, "failover", "open");
    const { id, by } = await execution();
    expect(by).to.have.length(1);
    const refused = await rejection(cancelExecution({ target: rig.target, id, because: "called off" }));
    expect(refused).to.be.instanceOf(ExecutionRefused);
    expect(String(refused)).to.contain("has taken the role for eu-central-1").and.contain("castle resume");
    expect(await rig.peer.role()).to.include({ epoch: 2, gate: "cancel-only" });

    const safety = [{ step: "check-invariants", because }];
    expect(
      String(await rejection(runFailover({ target: rig.target, to: PEER, only: id, skip: safety }))),
    ).to.contain("cannot be skipped");
    expect(String(await rejection(runFailover({ target: rig.target, to: PEER, only: "nobody" })))).to.contain(
      `the latest are ${id}`,
    );

    const shown = await run("run", "show", id);
    expect(shown.out)
      .to.match(/promote-database +done/)
      .and.match(/open +cut-off/);
    expect(shown.out).to.contain(`Go on with: castle resume ${id}`);

    const resumed = await run("resume", id, "--yes", "--skip", "pin-old-endpoint", "--because", because);
    expect(resumed.errors).to.equal("");
    expect(resumed.code).to.equal(0);
    expect(resumed.out).to.contain(`continues ${id}, behind the last step that is done`);
    expect(resumed.out).to.contain(`pin-old-endpoint: skipped (${because})`);
    expect(await rig.peer.role()).to.include({ epoch: 2, gate: "open" });
    expect(rig.aws.weights.get(HOME), "its step was skipped").to.equal(128);

    const [listed] = JSON.parse((await run("runs", "--json")).out);
    expect(listed).to.include({ id, state: "done" }).and.have.property("by").with.length(2);

    const verified = await run("evidence", "verify");
    expect(verified.out).to.contain("1 execution, ").and.contain("all as they were written");
    expect(verified.code).to.equal(0);
    const path = join(rig.target.runsFolder, `${id}.jsonl`);
    writeFileSync(path, readFileSync(path, "utf8").replace(because, because.replace("hand", "nobody")));
    const altered = await run("evidence", "verify", id);
    expect(altered.out).to.match(new RegExp(`${id}.jsonl, line \\d+: was changed`));
    expect(altered.code).to.equal(1);
  });
});
