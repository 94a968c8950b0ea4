import { Interrupted } from "@castle/dr-runbooks/engine/interrupted.ts";
import { listExecutions } from "@castle/dr-runbooks/engine/record.ts";
import { stepsOf } from "@castle/dr-runbooks/engine/runbook.ts";
import type { HandoverFailed } from "@castle/dr-runbooks/runbooks/errors.ts";
import { runbooks, runFailover, runSwitchover } from "@castle/dr-runbooks/runbooks/run.ts";
import { until } from "@castle/lab/processes/until.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { expect } from "chai";
import { HandoverRig, HOME, PEER } from "./support/handover-rig.ts";
import { EVERY_KILL_MS, killedAt } from "./support/killed.ts";
import { pairWhenOpen } from "./support/pair-when-open.ts";
import { failure } from "./support/rejection.ts";

describe("a switchover, both regions well", () => {
  let rig: HandoverRig;
  let gateways: { stop(): Promise<void> };
  before(async () => {
    rig = await HandoverRig.start({ home: "alive", clusters: true });
  });
  after(() => rig.stop());
  beforeEach(async () => {
    await rig.reset();
    await accept("BTCUSDT", 4);
    await accept("wallet", 2);
    gateways = pairWhenOpen(rig);
  });
  afterEach(() => gateways.stop());

  /** Accepted in HOME, replicated to PEER's database, and in PEER's journal. */
  async function accept(stream: string, last: number): Promise<void> {
    await rig.home?.accept(stream, 1, last);
    await rig.peer.accept(stream, 1, last);
    await rig.peer.append(1, stream, 1, last);
    await rig.peer.applied(stream, last);
  }

  const run = (more: Partial<Parameters<typeof runSwitchover>[0]> = {}) =>
    runSwitchover({ target: rig.target, to: PEER, ...more });

  it("hands the role over and waits until the cells are paired again", async () => {
    rig.aws.weights.set(PEER, 0);
    const result = await run();
    expect(await rig.witness.read()).to.include({ epoch: 2, activeRegion: PEER, mode: "paired" });
    expect(await rig.peer.role()).to.deep.equal({ epoch: 2, region: PEER, gate: "open" });
    expect(await rig.home?.role()).to.deep.equal({ epoch: 1, region: HOME, gate: "closed" });
    expect(await rig.peer.refuses(1)).to.equal(true);
    expect(rig.aws.asked).to.have.members([`database switchover to ${PEER}`, `cache failover to ${PEER}`]);
    expect([...rig.aws.weights.values()], "its endpoint is let in again").to.deep.equal([128, 128]);
    expect(result.replayed, "nothing was left to replay").to.deep.equal({});
    const beside = /^promote-cache$|^tell-everyone/;
    expect(result.steps.map(({ name }) => name).filter((name) => !beside.test(name))).to.deep.equal([
      "check-ready",
      "admit-target-endpoint",
      "scale-up",
      "close-old-cell",
      "drain",
      "take-the-role",
      "fence-old-cell",
      "switch-database-over",
      "raise-database-epoch",
      "replay-journal",
      "rebuild-queues",
      "engines-catch-up",
      "check-invariants",
      "open-cancel-only",
      "open",
      "await-paired",
    ]);
  });

  it("closes the old cell only when every pod of the target's active size is ready", async () => {
    const workload = rig.workloads.in(PEER);
    workload.areReady = false;
    const running = run();
    await until(() => workload.scaled.length > 1, { what: "the target to be scaled up", withinMs: 60_000 });
    const before = await rig.home?.role();
    workload.areReady = true;
    const { steps } = await running;
    expect(before).to.include({ gate: "open" });
    expect(workload.scaled).to.have.members(["order-gateway to 2", "matching-engine to 2"]);
    const named = (name: string) => steps.find((step) => step.name === name);
    expect(named("scale-up")).to.deep.include({ outcome: "done" });
  });

  it("waits for what is still on its way to the journal", async () => {
    await rig.home?.accept("ETHUSDT", 1, 3);
    await rig.peer.accept("ETHUSDT", 1, 3);
    const result = await run({
      onEvent: (event) => {
        if (event.kind === "step-started" && event.step === "drain") void rig.peer.append(1, "ETHUSDT", 1, 3);
      },
    });
    expect(result.steps.map(({ name }) => name)).to.include("await-paired");
  });

  describe("that fails before the role is taken", () => {
    /** HOME trades on, and nothing has moved. */
    async function expectUndone(error: HandoverFailed, step: string): Promise<void> {
      expect(error).to.include({ step, resumable: false });
      expect(await rig.home?.role()).to.deep.equal({ epoch: 1, region: HOME, gate: "open" });
      expect(await rig.witness.read()).to.include({ epoch: 1, activeRegion: HOME, mode: "paired" });
      expect(rig.aws.asked).to.deep.equal([]);
    }

    it("opens the old cell again, and is over: at drain", async () => {
      await rig.home?.accept("ETHUSDT", 1, 3);
      await rig.peer.accept("ETHUSDT", 1, 3);
      const error = await failure(run());
      await expectUndone(error, "drain");
      expect(error.message).to.contain("ETHUSDT: 3 accepted, 0 in the journal");
      await rig.peer.append(1, "ETHUSDT", 1, 3);
      const again = await run();
      expect(again.id, "what was undone is over; this is another execution").not.to.equal(error.result.id);
    });

    it("opens the old cell again, and is over: when the role is refused to it", async () => {
      const goSolo = { kind: "go-solo", region: HOME, epoch: epoch(1), by: "a gateway" } as const;
      let soloed: Promise<unknown> = Promise.resolve();
      const error = await failure(
        run({
          onEvent: (event) => {
            if (event.kind === "step-started" && event.step === "drain") soloed = rig.witness.change(goSolo);
          },
        }),
      );
      await soloed;
      expect(error).to.include({ step: "take-the-role", resumable: false });
      expect(await rig.home?.role()).to.include({ epoch: 1, gate: "open" });
    });

    it("leaves the old cell closed when somebody else took the role meanwhile", async () => {
      const other = {
        kind: "hand-over",
        to: PEER,
        from: epoch(1),
        by: "another",
        consentToLoss: false,
      } as const;
      const error = await failure(
        run({
          onEvent: (event) => {
            if (event.kind === "step-done" && event.step === "drain") void rig.witness.change(other);
          },
        }),
      );
      expect(error).to.include({ step: "take-the-role" });
      expect(await rig.home?.role()).to.include({ epoch: 1, gate: "closed" });
    });

    it("opens the old cell again when an operator stops it, and goes on with it later", async () => {
      const stop = new AbortController();
      const error = await failure(
        run({
          stop: stop.signal,
          onEvent: (event) => {
            if (event.kind === "step-started" && event.step === "close-old-cell") stop.abort();
          },
        }),
      );
      expect(error.cause).to.be.instanceOf(Interrupted);
      expect(await rig.home?.role()).to.include({ gate: "open" });
      const result = await run();
      expect(result).to.include({ id: error.result.id, resumed: true });
      expect(await rig.peer.role()).to.include({ epoch: 2, gate: "open" });
    });
  });

  describe("that is not ready", () => {
    const begun: string[] = [];
    const refused = async (): Promise<unknown> => {
      begun.length = 0;
      const run_ = run({ onEvent: (event) => "step" in event && begun.push(event.step) });
      return run_.then(
        () => expect.fail("it was carried out"),
        (reason: unknown) => reason,
      );
    };

    it("closes nothing, and tells everything that is missing at once", async () => {
      await rig.home?.database.raw("update role set gate = 'closed'");
      await rig.home?.accept("ETHUSDT", 1, 900);
      await rig.peer.redis.replicaof("NO", "ONE");
      await rig.peer.journal.raw("select journal_raise_epoch(9)");
      const told = String(await refused());
      expect(told).to.contain("the gate of eu-west-1 is closed");
      expect(told).to.contain("the database in eu-central-1 has ETHUSDT up to 0 of 900");
      expect(told).to.contain("the cache in eu-central-1 is a master");
      expect(told).to.contain("the journal in eu-central-1 is at epoch 9");
      expect(begun).to.include("check-ready").and.not.include("close-old-cell");
    });

    it("is not begun out of solo", async () => {
      await rig.witness.change({ kind: "go-solo", region: HOME, epoch: epoch(1), by: "a gateway" });
      expect(await refused()).to.have.property("refusal", "solo-needs-consent");
      expect(begun).to.deep.equal([]);
    });
  });

  describe("whose runner is killed", () => {
    for (const step of [
      "close-old-cell",
      "drain",
      "take-the-role",
      "fence-old-cell",
      "switch-database-over",
      "open",
    ])
      it(`as ${step} begins, goes on with the same execution`, async () => {
        await killedAt(rig, "switchover", step);
        const result = await run();
        expect(result.resumed).to.equal(true);
        expect(await rig.peer.role()).to.deep.equal({ epoch: 2, region: PEER, gate: "open" });
        expect(await rig.witness.read()).to.include({ epoch: 2, activeRegion: PEER, mode: "paired" });
        expect(rig.aws.asked).to.have.members([
          `database switchover to ${PEER}`,
          `cache failover to ${PEER}`,
        ]);
      });

    it("inside each of its steps, one after the other, goes on with the same execution [exhaustive]", async () => {
      for (const { name } of stepsOf(runbooks.switchover)) {
        const [execution] = await listExecutions(rig.target.runsFolder);
        // A step of the branch beside may be behind it already.
        if (execution?.settled.some(({ step }) => step === name)) continue;
        await killedAt(rig, "switchover", name, "inside");
      }
      const result = await run();
      expect(result.resumed).to.equal(true);
      expect((await listExecutions(rig.target.runsFolder)).map(({ id }) => id)).to.deep.equal([result.id]);
      expect(await rig.peer.role()).to.deep.equal({ epoch: 2, region: PEER, gate: "open" });
      expect(await rig.witness.read()).to.include({ epoch: 2, activeRegion: PEER, mode: "paired" });
      expect(rig.aws.asked, "each was asked for once").to.have.members([
        `database switchover to ${PEER}`,
        `cache failover to ${PEER}`,
      ]);
    }).timeout(EVERY_KILL_MS);

    it("and whose old region dies then, is finished by a failover in the same epoch", async () => {
      await killedAt(rig, "switchover", "switch-database-over");
      rig.aws.lost.add(HOME);
      const result = await runFailover({ target: rig.target, to: PEER });
      expect(result).to.include({ kind: "failover", epoch: 2 });
      expect(await rig.peer.role()).to.deep.equal({ epoch: 2, region: PEER, gate: "open" });
      expect(rig.aws.asked).to.include(`database failover to ${PEER}`);
    });
  });
});
