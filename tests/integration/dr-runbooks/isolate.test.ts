import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { ExecutionClaimed } from "@castle/dr-runbooks/engine/claim-execution.ts";
import { ClaimLost } from "@castle/dr-runbooks/engine/mandate.ts";
import { listExecutions } from "@castle/dr-runbooks/engine/record.ts";
import { stepsOf } from "@castle/dr-runbooks/engine/runbook.ts";
import { keyFileIn, publicKeyFile } from "@castle/dr-runbooks/evidence/signing-key.ts";
import { verifyEvidence } from "@castle/dr-runbooks/evidence/verify.ts";
import { OperationFailed, OperationRefused } from "@castle/dr-runbooks/runbooks/operations/errors.ts";
import { operations, runIsolate } from "@castle/dr-runbooks/runbooks/operations/run.ts";
import { runFailover } from "@castle/dr-runbooks/runbooks/run.ts";
import { until } from "@castle/lab/processes/until.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { isStaleEpoch } from "@castle/services/kernel/database/connect.ts";
import { expect } from "chai";
import pg from "pg";
import { castle } from "./support/castle.ts";
import { HandoverRig, HOME, PEER } from "./support/handover-rig.ts";
import { EVERY_KILL_MS, killedAt, runnerThat } from "./support/killed.ts";
import { rejection } from "./support/rejection.ts";

/** Stopped by a signal: proc(5), the state behind the name. */
const isFrozen = async (pid: number | undefined): Promise<boolean> =>
  / T /.test((await readFile(`/proc/${pid}/stat`, "utf8")).replace(/^.*\)/, ""));

describe("isolating a cell", () => {
  let rig: HandoverRig;
  before(async () => {
    rig = await HandoverRig.start({ home: "alive" });
  });
  after(() => rig.stop());
  beforeEach(() => rig.reset());

  const run = (more: Partial<Parameters<typeof runIsolate>[0]> = {}) =>
    runIsolate({ target: rig.target, region: HOME, ...more });

  const evidence = () => {
    const folder = rig.target.runsFolder;
    return verifyEvidence({ folder, publicKey: publicKeyFile(keyFileIn(folder)) });
  };

  /** The role went to PEER, and HOME, a writer that believes in itself, has not heard of it. */
  const failedOver = () =>
    rig.witness.change({
      kind: "hand-over",
      to: PEER,
      from: epoch(1),
      by: "a failover",
      consentToLoss: false,
    });

  describe("that lost the role and is alive", () => {
    beforeEach(failedOver);

    it("fences it, closes its database and journal, and takes it off the edge", async () => {
      expect(await rig.peer.refuses(1), "it could acknowledge, before").to.equal(false);
      const result = await run();
      expect(result).to.deep.include({ kind: "isolate", region: HOME, activeRegion: PEER, left: [] });
      expect(await rig.peer.refuses(1)).to.equal(true);
      expect(await rig.home?.refuses(1)).to.equal(true);
      expect(await rig.home?.role()).to.deep.equal({ epoch: 2, region: PEER, gate: "closed" });
      expect([...rig.aws.weights]).to.deep.equal([
        [HOME, 0],
        [PEER, 128],
      ]);
      expect(await rig.peer.role(), "the cell that holds the role is left alone").to.include({
        gate: "open",
      });
      expect(rig.aws.asked, "nothing is promoted").to.deep.equal([]);
    });

    it("ends a write that is under way, and refuses the next", async () => {
      const connectionString = rig.home?.servers.databaseUrl ?? "";
      const gateway = (name: string) => new pg.Client({ connectionString, application_name: name });
      const [cut, next] = [gateway("order-gateway-0"), gateway("order-gateway-1")];
      const lost = new Promise((resolve) => cut.on("error", resolve));
      await cut.connect();
      await cut.query("begin");
      await cut.query("select * from castle_guard(1, $1)", [HOME]);
      const result = await run();
      expect(result.steps.find(({ step }) => step === "isolate-writers")?.facts).to.deep.equal({
        ...{ reader: false, ended: 1 },
      });
      await lost;
      expect(await rejection(cut.query("commit"))).to.be.instanceOf(Error);
      await next.connect();
      try {
        const refused = await rejection(next.query("select * from castle_guard(1, $1)", [HOME]));
        expect(isStaleEpoch(refused)).to.equal(true);
      } finally {
        await next.end();
      }
    });

    it("changes nothing when it is done again", async () => {
      await run();
      const again = await run();
      expect(again.resumed).to.equal(false);
      expect(again.steps.filter(({ outcome }) => outcome === "done").map(({ step }) => step)).to.deep.equal([
        "isolate-writers", // which looks for sessions each time
      ]);
    });

    it("goes on with what a run did not finish", async () => {
      const stop = new AbortController();
      const error = await rejection(
        run({
          stop: stop.signal,
          onEvent: ({ kind }) => {
            if (kind === "step-started") stop.abort();
          },
        }),
      );
      expect(error).to.be.instanceOf(OperationFailed);
      expect(rig.aws.weights.get(HOME)).to.equal(128);
      const result = await run();
      expect(result.resumed).to.equal(true);
      expect(rig.aws.weights.get(HOME)).to.equal(0);
      const [execution, ...more] = await listExecutions(rig.target.runsFolder);
      expect(more).to.deep.equal([]);
      expect(execution?.finished).to.include({ outcome: "done" });
    });
  });

  it("tells what does not answer, and needs nothing of it but the fence", async () => {
    await failedOver();
    const gone = "127.0.0.1:1";
    const target = {
      ...rig.target,
      cells: {
        ...rig.target.cells,
        [HOME]: {
          ...rig.target.cells[HOME],
          databaseUrl: `postgres://castle@${gone}/castle`,
          journalUrl: `postgres://castle@${gone}/castle`,
        },
      },
    };
    const result = await run({ target });
    expect(result.left.map(({ step }) => step)).to.have.members([
      "isolate-writers",
      "isolate-database",
      "isolate-own-journal",
    ]);
    expect(await rig.peer.refuses(1)).to.equal(true);
    expect(rig.aws.weights.get(HOME)).to.equal(0);
  });

  it("fails where the fence cannot be confirmed, and goes no further", async () => {
    await failedOver();
    const answersAll =
      "create or replace function journal_marks(asked bigint) returns table (stream text, mark bigint)";
    const { rows } = await rig.peer.journal.raw(
      "select pg_get_functiondef('journal_marks'::regproc) as sound",
    );
    await rig.peer.journal.raw(`${answersAll} language sql as 'select stream, mark from high_water'`);
    try {
      const error = await rejection(run());
      expect(error).to.be.instanceOf(OperationFailed).and.to.include({ step: "isolate-fence" });
      expect(rig.aws.weights.get(HOME)).to.equal(128);
    } finally {
      await rig.peer.journal.raw(rows[0].sound);
    }
  });

  it("takes a standby out before a failover, and leaves what it holds", async () => {
    await rig.peer.append(1, "BTCUSDT", 1, 3);
    const result = await run({ region: PEER });
    expect(result.left).to.deep.equal([]);
    expect(rig.aws.weights.get(PEER)).to.equal(0);
    expect(await rig.peer.refuses(1), "the active cell goes on appending").to.equal(false);
    expect(await rig.peer.refuses(0)).to.equal(true);
    expect(await rig.home?.role()).to.deep.equal({ epoch: 1, region: HOME, gate: "open" });
  });

  it("is refused for the cell that holds the role, of which nothing is changed", async () => {
    expect(await rejection(run())).to.be.instanceOf(OperationRefused);
    const { code, errors } = await castle(
      ["isolate", "--region", HOME, "--yes", "--target", rig.targetFile()],
      rig.folder(),
    );
    expect(code).to.equal(1);
    expect(errors).to.contain("hand over first");
    expect(rig.aws.weights.get(HOME)).to.equal(128);
    expect(await rig.home?.role()).to.include({ epoch: 1, gate: "open" });
  });

  describe("whose runner is killed", () => {
    beforeEach(failedOver);

    it("at every step's beginning, and inside each, is finished by the same command as one execution [exhaustive]", async () => {
      for (const { name } of stepsOf(operations.isolate))
        for (const moment of ["begins", "inside"] as const)
          await killedAt(rig, "isolate", name, moment, HOME);
      const result = await run();
      expect(result).to.include({ resumed: true });
      expect(result.left).to.deep.equal([]);
      expect((await listExecutions(rig.target.runsFolder)).map(({ id }) => id)).to.deep.equal([result.id]);
      expect(await rig.peer.refuses(1)).to.equal(true);
      expect(await rig.home?.refuses(1)).to.equal(true);
      expect(await rig.home?.role()).to.deep.equal({ epoch: 2, region: PEER, gate: "closed" });
      expect(await rig.peer.role()).to.include({ gate: "open" });
      expect(rig.aws.weights.get(HOME)).to.equal(0);
      expect((await evidence()).problems, "the evidence is whole").to.deep.equal([]);
    }).timeout(EVERY_KILL_MS);
  });

  it("whose runner is frozen keeps a failover waiting for its lease, and does nothing more when it wakes up", async () => {
    const frozen = runnerThat(rig, "isolate", "isolate-fence", "freezes", PEER);
    let told = "";
    frozen.stderr?.on("data", (chunk) => {
      told += chunk;
    });
    const ended = once(frozen, "close");
    try {
      await until(() => isFrozen(frozen.pid), { what: "the runner to be frozen", withinMs: 60_000 });
      await runFailover({ target: rig.target, to: PEER });
      frozen.kill("SIGCONT");
      const [code] = await ended;
      expect(code).to.equal(1);
      expect(told)
        .to.contain("isolate-fence")
        .and.match(/has it now|past that of/);
    } finally {
      frozen.kill("SIGKILL");
    }
    expect(rig.aws.weights.get(PEER), "its next steps were not begun").to.equal(128);
    expect(
      await rig.home?.journal.raw("select epoch from fence").then(({ rows }) => Number(rows[0].epoch)),
    ).to.equal(0, "nor was the one at work");
  });

  describe("and a handover are kept apart:", () => {
    it("an isolation makes room for a failover, and does nothing more", async () => {
      const fence = new pg.Client({ connectionString: rig.home?.servers.journalUrl ?? "" });
      await fence.connect();
      await fence.query("begin; select pg_advisory_xact_lock_shared(hashtext('castle.fence'))");
      let failover: Promise<unknown> = Promise.resolve();
      const isolation = rejection(
        run({
          region: PEER,
          onEvent: (event) => {
            if (event.kind === "step-started" && event.step === "isolate-fence")
              failover = runFailover({ target: rig.target, to: PEER });
          },
        }),
      );
      const error = await isolation;
      await fence.end();
      expect(error).to.be.instanceOf(OperationFailed);
      expect((error as OperationFailed).cause).to.be.instanceOf(ClaimLost);
      await failover;
      expect(await rig.witness.read()).to.include({ epoch: 2, activeRegion: PEER });
      expect(rig.aws.weights.get(PEER)).to.equal(128);
    });

    it("no cell is isolated while a handover is run", async () => {
      const promotion = rig.holdPromotion();
      const handover = runFailover({ target: rig.target, to: PEER });
      await promotion.asked;
      expect(await rejection(run())).to.be.instanceOf(ExecutionClaimed);
      expect(rig.aws.weights.get(HOME)).to.equal(128);
      promotion.release();
      await handover;
    });
  });

  it("is told line by line by the command, which exits with 0", async () => {
    await failedOver();
    const { code, out } = await castle(
      ["isolate", "--region", HOME, "--yes", "--target", rig.targetFile()],
      rig.folder(),
    );
    expect(code).to.equal(0);
    expect(out).to.contain("eu-central-1 holds the role of epoch 2, and keeps it");
    expect(out).to.match(/isolate-fence: done in \d+ ms/);
    expect(out).to.contain("castle rejoin --region eu-west-1 brings it back");
  });

  describe("castle failback", () => {
    const failback = () => castle(["failback", "--yes", "--target", rig.targetFile()], rig.folder());

    it("is refused plainly when the role is at home", async () => {
      const { code, errors } = await failback();
      expect(code).to.equal(1);
      expect(errors).to.contain("the role is at home already, in eu-west-1");
    });

    it("names what to do first while the cells are not paired", async () => {
      await failedOver();
      const { code, errors } = await failback();
      expect(code).to.equal(1);
      expect(errors).to.contain("castle rejoin --region eu-west-1");
    });
  });
});
