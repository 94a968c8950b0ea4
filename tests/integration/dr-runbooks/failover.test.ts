import { readFileSync } from "node:fs";
import { join } from "node:path";
import { agreesAhead } from "@castle/dr-runbooks/approvals/ahead.ts";
import { ExecutionClaimed } from "@castle/dr-runbooks/engine/claim-execution.ts";
import { readReport } from "@castle/dr-runbooks/report/execution/read.ts";
import { HandoverFailed, HandoverRefused } from "@castle/dr-runbooks/runbooks/errors.ts";
import { runFailover } from "@castle/dr-runbooks/runbooks/run.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { WitnessRefused } from "@castle/regions/witness/record.ts";
import { expect } from "chai";
import { HandoverRig, PEER } from "./support/handover-rig.ts";
import { failure, rejection } from "./support/rejection.ts";

describe("a failover, its region lost", () => {
  let rig: HandoverRig;
  before(async () => {
    rig = await HandoverRig.start({ home: "lost", clusters: true });
  });
  after(() => rig.stop());
  beforeEach(() => rig.reset());

  const run = (more: Partial<Parameters<typeof runFailover>[0]> = {}) =>
    runFailover({ target: rig.target, to: PEER, ...more });

  /** The database has 1 to 3 of the stream, and the journal went on to 5. */
  async function acceptBeyondTheDatabase(): Promise<void> {
    await rig.peer.accept("BTCUSDT", 1, 3);
    await rig.peer.append(1, "BTCUSDT", 1, 5);
    await rig.peer.append(1, "wallet", 1, 2);
  }

  it("hands the role over, with everything acknowledged, and tells what it did", async () => {
    await acceptBeyondTheDatabase();
    const startedAt = Date.now();
    const result = await run();

    expect(await rig.witness.read()).to.deep.equal({
      epoch: 2,
      activeRegion: PEER,
      mode: "solo",
      changedBy: result.id,
    });
    expect(await rig.peer.role()).to.deep.equal({ epoch: 2, region: PEER, gate: "open" });
    expect(await rig.peer.lastSeqs()).to.deep.equal({ BTCUSDT: 5, wallet: 2 });
    expect(await rig.peer.refuses(1)).to.equal(true);
    expect(rig.aws).to.include({ writer: PEER, primary: PEER });
    expect(rig.aws.asked).to.have.members([`database failover to ${PEER}`, `cache failover to ${PEER}`]);
    expect([...rig.aws.weights.values()]).to.deep.equal([0, 128]);

    expect(result).to.include({ kind: "failover", from: "eu-west-1", to: PEER, epoch: 2, resumed: false });
    expect(result.replayed).to.deep.equal({ BTCUSDT: 2, wallet: 2 });
    const names = result.steps.map(({ name }) => name);
    const beside = /^promote-cache$|^scale-up$|-endpoint$|^tell-everyone/;
    expect(names.filter((name) => !beside.test(name))).to.deep.equal([
      "take-the-role",
      "fence-old-cell",
      "promote-database",
      "raise-database-epoch",
      "replay-journal",
      "rebuild-queues",
      "engines-catch-up",
      "check-invariants",
      "open-cancel-only",
      "open",
    ]);
    expect(result.phasesMs).to.have.all.keys(names);
    expect(result.steps.every(({ outcome }) => outcome === "done" || outcome === "already-done")).to.equal(
      true,
    );
    expect(result.fencedAt).to.be.within(startedAt, Date.now());
    const promoted = result.steps.find(({ name }) => name === "promote-database");
    expect(promoted?.startedAt, "nothing is promoted before the fence holds").to.be.at.least(
      result.fencedAt ?? 0,
    );
  });

  it("leaves behind what an auditor asks for: readiness before and after, every call, and a whole chain", async () => {
    await acceptBeyondTheDatabase();
    rig.requests.length = 0;
    const { id } = await run({ look: true });
    const report = await readReport({ target: rig.target, id });

    const { before, after } = report.readiness;
    const seen = (looked: typeof before) => new Set(looked?.checks.map(({ outcome }) => outcome));
    expect(before?.checks.map(({ name }) => name)).to.deep.equal(after?.checks.map(({ name }) => name));
    expect(seen(before), "a lost region is not waited for").to.include("unknown");
    expect(seen(after)).to.include("holds");
    expect([before?.ready, after?.ready]).to.deep.equal([false, false]);

    const changes = report.calls
      .filter(({ reads }) => !reads)
      .map(({ service, operation }) => `${service}:${operation}`);
    expect(changes).to.include.members([
      "dynamodb:PutItem",
      "rds:FailoverGlobalCluster",
      "elasticache:FailoverGlobalReplicationGroup",
      "globalaccelerator:UpdateEndpointGroup",
    ]);
    expect(report.copies, "the target names no buckets").to.deep.equal([]);
    const told = new Set(report.calls.map(({ requestId }) => requestId));
    const made = rig.requests.filter(
      ({ status, operation }) => status !== null && operation?.startsWith("Failover"),
    );
    expect(made.map(({ requestId }) => told.has(requestId))).to.deep.equal([true, true]);

    expect(report.recoveryPoint).to.include({ lost: 0 });
    expect(report.replayed).to.equal(4);
    expect(report.evidence).to.include({ holds: true });
    expect(report.runs.map(({ how }) => how)).to.deep.equal(["finished"]);
  });

  it("throws the old epoch's jobs away, and announces how far everything is projected", async () => {
    await acceptBeyondTheDatabase();
    await rig.peer.redis.replicaof("NO", "ONE");
    await rig.peer.announce(epoch(1), { BTCUSDT: 3 });
    await rig.peer.announce(epoch(1), { ETHUSDT: 9 });
    await rig.peer.orphanCache();
    await run();
    const jobs = await rig.peer.announced();
    expect(jobs.map((job) => job.epoch)).to.deep.equal([2]);
    expect(jobs[0]?.upTo).to.have.all.keys("BTCUSDT", "ETHUSDT", "wallet");
  });

  it("does not ask for a promotion twice that is under way already", async () => {
    rig.aws.writer = PEER;
    await run();
    expect(rig.aws.asked).to.deep.equal([`cache failover to ${PEER}`]);
  });

  describe("out of solo", () => {
    beforeEach(() => rig.reset("solo"));

    it("is refused without consent, and nothing is done", async () => {
      const error = await rejection(run());
      expect(error).to.be.instanceOf(HandoverRefused).and.have.property("refusal", "solo-needs-consent");
      expect(await rig.witness.read()).to.include({ epoch: 1, mode: "solo" });
      expect(await rig.peer.refuses(1)).to.equal(false);
    });

    it("is carried out with consent, which the record keeps", async () => {
      const result = await run({ consentToLoss: true, approver: agreesAhead("failover", rig.target) });
      const record = readFileSync(join(rig.target.runsFolder, `${result.id}.jsonl`), "utf8");
      expect(JSON.parse(record.split("\n")[0] ?? "").event.plan).to.include({ consentToLoss: true });
      expect(await rig.peer.role()).to.include({ epoch: 2, gate: "open" });
    });
  });

  describe("whose fence does not hold", () => {
    const check = "journal_check_epoch(asked bigint) returns void language plpgsql as";
    let intact: string;
    beforeEach(async () => {
      const { rows } = await rig.peer.journal.raw(
        "select pg_get_functiondef('journal_check_epoch(bigint)'::regprocedure) as source",
      );
      intact = rows[0].source;
      await rig.peer.journal.raw(`create or replace function ${check} 'begin end'`);
    });
    afterEach(() => rig.peer.journal.raw(intact.replaceAll("?", "\\?")));

    it("ends before anything is promoted", async () => {
      const error = await failure(run());
      expect(error).to.include({ step: "fence-old-cell", resumable: true });
      expect(error.message).to.contain("still answers epoch 1");
      expect(error.result.fencedAt).to.equal(null);
      expect(rig.aws.asked).to.deep.equal([]);
    });

    it("goes on with consent, and says that it never saw the fence hold", async () => {
      const result = await run({ consentToLoss: true, approver: agreesAhead("failover", rig.target) });
      expect(result.fencedAt).to.equal(null);
      expect(result.steps.find(({ name }) => name === "fence-old-cell")).to.include({ outcome: "failed" });
    });

    it("goes on with the same execution once it holds", async () => {
      const { result } = await failure(run());
      await rig.peer.journal.raw(intact.replaceAll("?", "\\?"));
      expect(await run()).to.include({ id: result.id, resumed: true });
    });
  });

  it("opens nothing when money is missing, and goes on with the same execution once it is found", async () => {
    await rig.peer.database.raw(
      "insert into posting values ('wallet', 1, 2, 7, 'USDT', 'free', 100); insert into balance values (7, 'USDT', 100, 0)",
    );
    const error = await failure(run());
    expect(error).to.include({ step: "check-invariants", resumable: true });
    expect(error.message).to.contain("postings of USDT sum to 100");
    expect(await rig.peer.role()).to.deep.equal({ epoch: 2, region: PEER, gate: "closed" });

    await rig.peer.database.raw(
      "insert into posting values ('wallet', 1, 3, 0, 'USDT', 'free', -100); insert into balance values (0, 'USDT', -100, 0)",
    );
    const result = await run();
    expect(result).to.include({ id: error.result.id, resumed: true });
    expect(await rig.peer.role()).to.include({ gate: "open" });
  });

  it("is refused once it is done", async () => {
    await run();
    expect(await rejection(run()))
      .to.be.instanceOf(HandoverRefused)
      .and.have.property("refusal", "already-active-there");
  });

  describe("begun twice at the same moment", () => {
    it("by operators who know nothing of each other: exactly one wins, every time", async () => {
      for (let round = 0; round < 8; round++) {
        await rig.reset();
        await acceptBeyondTheDatabase();
        const runs = await Promise.allSettled([
          run({ runsFolder: rig.folder() }),
          run({ runsFolder: rig.folder() }),
        ]);
        const won = runs.flatMap((ended) => (ended.status === "fulfilled" ? [ended.value] : []));
        expect(won).to.have.length(1);
        expect(await rig.witness.read()).to.include({ epoch: 2, changedBy: won[0]?.id });
        for (const ended of runs)
          if (ended.status === "rejected") {
            const { reason } = ended;
            const cause = reason instanceof HandoverFailed ? reason.cause : reason;
            expect(
              [WitnessRefused, HandoverRefused, ExecutionClaimed].some((kind) => cause instanceof kind),
              String(reason),
            ).to.equal(true);
          }
        expect(await rig.peer.lastSeqs()).to.deep.equal({ BTCUSDT: 5, wallet: 2 });
      }
    });

    it("by operators who share a record: the second is kept out while the first is at work", async () => {
      const promotion = rig.holdPromotion();
      const first = run();
      await promotion.asked;
      expect(await rejection(run())).to.be.instanceOf(ExecutionClaimed);
      promotion.release();
      await first;
    });
  });
});
