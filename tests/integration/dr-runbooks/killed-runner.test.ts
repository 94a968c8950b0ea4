import { listExecutions } from "@castle/dr-runbooks/engine/record.ts";
import { stepsOf } from "@castle/dr-runbooks/engine/runbook.ts";
import { keyFileIn, publicKeyFile } from "@castle/dr-runbooks/evidence/signing-key.ts";
import { verifyEvidence } from "@castle/dr-runbooks/evidence/verify.ts";
import { failover } from "@castle/dr-runbooks/runbooks/failover.ts";
import { runFailover } from "@castle/dr-runbooks/runbooks/run.ts";
import { expect } from "chai";
import { HandoverRig, PEER } from "./support/handover-rig.ts";
import { EVERY_KILL_MS, killedAt } from "./support/killed.ts";

describe("a failover whose runner is killed", function () {
  this.timeout(EVERY_KILL_MS);
  let rig: HandoverRig;
  before(async () => {
    rig = await HandoverRig.start({ home: "lost" });
  });
  after(() => rig.stop());
  beforeEach(async () => {
    await rig.reset();
    await rig.peer.accept("BTCUSDT", 1, 3);
    await rig.peer.append(1, "BTCUSDT", 1, 5);
  });

  /** What can be done only once, and what lets traders in: the other steps are for `make test-all`. */
  const gravest = ["take-the-role", "fence-old-cell", "promote-database", "replay-journal", "open"];
  for (const { name } of stepsOf(failover))
    it(`inside ${name}, behind its effect, is finished by the next run, as the same execution${gravest.includes(name) ? "" : " [exhaustive]"}`, async () => {
      await killedAt(rig, "failover", name, "inside");
      const result = await runFailover({ target: rig.target, to: PEER });
      expect(result.resumed).to.equal(true);
      const executions = await listExecutions(rig.target.runsFolder);
      expect(executions.map(({ id, finished }) => [id, finished?.outcome])).to.deep.equal([
        [result.id, "done"],
      ]);
      expect(new Set(result.steps.map((step) => step.name)).size).to.equal(stepsOf(failover).length);

      expect(await rig.witness.read()).to.include({ epoch: 2, activeRegion: PEER, changedBy: result.id });
      expect(await rig.peer.role()).to.deep.equal({ epoch: 2, region: PEER, gate: "open" });
      expect(await rig.peer.lastSeqs()).to.deep.equal({ BTCUSDT: 5 });
      expect([...rig.aws.weights.values()]).to.deep.equal([0, 128]);
      expect(rig.aws.asked, "each promotion was asked for once").to.have.members([
        `database failover to ${PEER}`,
        `cache failover to ${PEER}`,
      ]);
      const { runsFolder } = rig.target;
      const publicKey = publicKeyFile(keyFileIn(runsFolder));
      const { problems } = await verifyEvidence({ folder: runsFolder, publicKey });
      expect(problems, "the evidence is whole").to.deep.equal([]);
    });
});
