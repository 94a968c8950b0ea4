import { readdirSync } from "node:fs";
import { awsClients } from "@castle/dr-runbooks/clients.ts";
import { type DryRun, previewDryRun } from "@castle/dr-runbooks/dry-run/dry-run.ts";
import { handsOff, readOnlyTarget, WouldChange } from "@castle/dr-runbooks/dry-run/hands-off.ts";
import { previewOperationDryRun } from "@castle/dr-runbooks/dry-run/operation.ts";
import type { Verdict } from "@castle/dr-runbooks/dry-run/verdict.ts";
import { type Handover, handoverCell } from "@castle/dr-runbooks/handover.ts";
import type { Target } from "@castle/dr-runbooks/target.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { sqlState, sqlStateOf } from "@castle/services/kernel/database/connect.ts";
import { expect } from "chai";
import { castle, type Ended } from "./support/castle.ts";
import type { CellOfTests } from "./support/cell-of-tests.ts";
import { HandoverRig, HOME, PEER } from "./support/handover-rig.ts";
import { killedAt } from "./support/killed.ts";

describe("a dry run", () => {
  let rig: HandoverRig;
  before(async () => {
    rig = await HandoverRig.start({ home: "alive" });
  });
  after(() => rig.stop());
  beforeEach(async () => {
    await rig.reset();
    await rig.home?.accept("BTCUSDT", 1, 3);
    await rig.peer.accept("BTCUSDT", 1, 2);
    await rig.peer.append(1, "BTCUSDT", 1, 3);
    await rig.peer.applied("BTCUSDT", 2);
  });

  /** Everything a handover changes, wherever it is. */
  async function world(): Promise<unknown> {
    const cell = async (of: CellOfTests | null) =>
      of && {
        role: (await of.database.raw("select * from role")).rows,
        streams: await of.lastSeqs(),
        fence: (await of.journal.raw("select * from fence")).rows,
        marks: (await of.journal.raw("select * from high_water")).rows,
        cache: [(await of.redis.role())[0], await of.redis.dbsize()],
      };
    return {
      witness: await rig.witness.inspect(),
      home: await cell(rig.home),
      peer: await cell(rig.peer),
      asked: [...rig.aws.asked],
      weights: [...rig.aws.weights],
      runs: readdirSync(rig.target.runsFolder).sort(),
      changes: rig.requests.filter(({ operation }) => !operation?.startsWith("Describe")),
    };
  }

  /** @returns what was found, once it is certain that nothing has been changed by finding it */
  async function unchanged<Found>(look: () => Promise<Found>): Promise<Found> {
    const before = await world();
    const found = await look();
    expect(await world()).to.deep.equal(before);
    return found;
  }

  const dryRun = (kind: "failover" | "switchover", more: { consentToLoss?: boolean; target?: Target } = {}) =>
    unchanged(() =>
      previewDryRun(more.target ?? rig.target, {
        kind,
        to: PEER,
        consentToLoss: more.consentToLoss ?? false,
      }),
    );

  const verdicts = ({ steps }: DryRun): Record<string, Verdict> =>
    Object.fromEntries(steps.map(({ step, verdict }) => [step, verdict]));

  it("tells what isolating or bringing back the standby would do, and changes nothing", async () => {
    const isolate = await unchanged(() =>
      previewOperationDryRun(rig.target, { kind: "isolate", region: PEER }),
    );
    expect(isolate.decision).to.include({ kind: "start" });
    expect(isolate.clear).to.equal(true);
    expect(Object.fromEntries(isolate.steps.map(({ step, verdict }) => [step, verdict]))).to.include({
      "isolate-writers": "would-run",
      "isolate-endpoint": "would-run",
    });
    const rejoin = await unchanged(() =>
      previewOperationDryRun(rig.target, { kind: "rejoin", region: PEER }),
    );
    expect(rejoin.steps.find(({ step }) => step === "rejoin-check")).to.include({ verdict: "done" });
    const home = await unchanged(() => previewOperationDryRun(rig.target, { kind: "isolate", region: HOME }));
    expect(home).to.deep.include({ steps: [], clear: false });
  });

  it("tells what each step of a failover would do, and where, and changes nothing", async () => {
    const found = await dryRun("failover");
    expect(found.clear).to.equal(true);
    expect(found.decision).to.include({ kind: "start" });
    expect(found.exposure[0]).to.contain("paired");
    expect(verdicts(found)).to.include({
      "take-the-role": "would-run",
      "promote-database": "would-run",
      "replay-journal": "would-run",
      "admit-target-endpoint": "done",
      "pin-old-endpoint": "would-run",
    });
    const promotion = found.steps.find(({ step }) => step === "promote-database");
    expect(promotion?.why).to.contain("not yet: the journal in eu-central-1 still answers epoch 1");
    expect(promotion?.calls).to.deep.include({
      service: "rds",
      operation: "FailoverGlobalCluster",
      reads: false,
      region: PEER,
    });
    expect(promotion?.expected, "nothing was measured yet").to.equal(null);
    expect(found.expectedMs).to.equal(0);
    expect(found.unknown).to.include("take-the-role").and.include("promote-database");
  });

  it("of a failover needs nothing of the lost region", async () => {
    const nowhere = "127.0.0.1:1";
    const lost = {
      ...rig.target.cells[HOME],
      databaseUrl: `postgres://castle@${nowhere}/castle`,
      journalUrl: `postgres://castle@${nowhere}/castle`,
      redisUrl: `redis://${nowhere}`,
    };
    rig.aws.lost.add(HOME);
    const found = await dryRun("failover", {
      target: { ...rig.target, cells: { ...rig.target.cells, [HOME]: lost } },
    });
    expect(found.clear).to.equal(true);
    expect(Object.values(verdicts(found))).not.to.include("unjudged");
  });

  it("of a switchover that is ready finds nothing in the way", async () => {
    const found = await dryRun("switchover");
    expect(
      found.steps.filter(({ verdict }) => verdict !== "would-run").map(({ step }) => step),
    ).to.deep.equal(["admit-target-endpoint", "scale-up", "hold-before-open"]);
    expect(found.clear).to.equal(true);
  });

  it("of a switchover that is not ready tells everything that is missing", async () => {
    await rig.home?.database.raw("update role set gate = 'closed'");
    await rig.peer.journal.raw("select journal_raise_epoch(9)");
    const found = await dryRun("switchover");
    expect(found.clear).to.equal(false);
    const check = found.steps.find(({ step }) => step === "check-ready");
    expect(check?.verdict).to.equal("blocked");
    expect(check?.why).to.contain("the gate of eu-west-1 is closed").and.to.contain("is at epoch 9");
  });

  it("says that it would be refused out of solo, and what consent would be about", async () => {
    await rig.reset("solo");
    await rig.home?.accept("BTCUSDT", 1, 9);
    await rig.peer.accept("BTCUSDT", 1, 2);
    const refused = await dryRun("failover");
    expect(refused.decision).to.include({ kind: "refuse", refusal: "solo-needs-consent" });
    expect(refused).to.include({ clear: false });
    const consented = await dryRun("failover", { consentToLoss: true });
    expect(consented.clear).to.equal(true);
    expect(verdicts(consented)).to.include({
      "consent-to-loss": "would-ask",
      "consent-past-the-fence": "may-ask",
      "hold-before-open": "passed-over",
    });
    expect(consented.exposure.join("\n")).to.contain("7 of BTCUSDT");
  });

  it("skips what an execution to be continued has behind it", async () => {
    await killedAt(rig, "failover", "raise-database-epoch");
    const found = await dryRun("failover");
    expect(found.decision).to.include({ kind: "resume", from: "last-step" });
    expect(verdicts(found)).to.include({
      "take-the-role": "done",
      "fence-old-cell": "done",
      "promote-database": "done",
      "raise-database-epoch": "would-run",
    });
    expect(found.clear).to.equal(true);
  });

  it("is blocked before the promotion while the fence does not hold, unless loss is consented to", async () => {
    await killedAt(rig, "failover", "promote-database");
    await rig.peer.journal.raw("update fence set epoch = 1");
    const found = await dryRun("failover");
    expect(verdicts(found)).to.include({ "fence-old-cell": "done", "promote-database": "blocked" });
    expect(found.steps.find(({ step }) => step === "promote-database")?.why).to.contain("is not fenced");
    expect(found.clear).to.equal(false);
    const consented = await dryRun("failover", { consentToLoss: true });
    expect(verdicts(consented)).to.include({ "promote-database": "would-run" });
  });

  it("is blocked before anybody may cancel while the journal holds what the database lacks", async () => {
    await killedAt(rig, "failover", "open-cancel-only");
    expect(verdicts(await dryRun("failover"))).to.include({ "open-cancel-only": "would-run" });
    await rig.peer.append(2, "BTCUSDT", 4, 4);
    const found = await dryRun("failover");
    expect(verdicts(found)).to.include({ "check-invariants": "done", "open-cancel-only": "blocked" });
    expect(found.steps.find(({ step }) => step === "open-cancel-only")?.why).to.contain("BTCUSDT at 3 of 4");
  });

  it("leaves steps no way to change anything, whatever their checks may try", async () => {
    const target = readOnlyTarget(rig.target);
    const aws = awsClients(target);
    const [from, to] = [handoverCell(target, HOME, aws), handoverCell(target, PEER, aws)];
    const context: Handover = {
      id: "a check gone wrong",
      plan: {
        kind: "failover",
        from: HOME,
        to: PEER,
        epoch: epoch(2),
        consentToLoss: true,
        hold: false,
        continues: null,
      },
      resumed: false,
      witness: rig.witness,
      isApproved: () => true,
      exposure: () => Promise.reject(new Error("nobody asks what may be lost")),
      from,
      to,
    };
    const bound = handsOff(context);
    const attempts: (() => unknown)[] = [
      () => bound.witness.change({ kind: "go-solo", region: HOME, epoch: epoch(1), by: "a dry run" }),
      () => bound.to.globalDatabase.failover(to.clusterArn),
      () => bound.from.globalDatabase.switchover(to.clusterArn),
      () => bound.to.globalCache.failover(to),
      () => bound.from.endpoint.setWeight(0),
      () => bound.to.cell.cache.rebuildQueue(epoch(2), [{ stream: "BTCUSDT", lastSeq: 3, appliedSeq: 2 }]),
    ];
    const writes: (() => Promise<unknown>)[] = [
      () => bound.to.cell.database.canaryWrite(),
      () => bound.to.cell.database.setGate(epoch(1), "closed"),
      () => bound.to.cell.journal.raiseEpoch(epoch(2)),
    ];
    try {
      await unchanged(async () => {
        for (const attempt of attempts) expect(attempt).to.throw(WouldChange);
        for (const write of writes)
          expect(await write().then(() => "it was written", sqlStateOf)).to.equal(sqlState.readOnly);
      });
    } finally {
      aws.close();
      await Promise.all([from.cell.close(), to.cell.close()]);
    }
  });

  it("is an option of the command, for people and for machines, whose exit code says whether anything is in the way", async () => {
    const run = (...more: string[]): Promise<Ended> =>
      castle([...more, "--dry-run", "--to", PEER, "--target", rig.targetFile()], rig.target.runsFolder);
    await rig.peer.journal.raw("select journal_raise_epoch(9)");
    const [people, machines] = await Promise.all([run("failover"), run("switchover", "--json")]);
    expect(people.code).to.equal(0);
    expect(people.out)
      .to.match(/would run {2}take-the-role/)
      .and.to.contain("Nothing stands in the way.");
    expect(people.out).to.contain("calls rds:FailoverGlobalCluster in eu-central-1");
    expect(machines.code).to.equal(1);
    expect(JSON.parse(machines.out)).to.include({ clear: false });
  });
});
