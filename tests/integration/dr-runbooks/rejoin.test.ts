import { Interrupted } from "@castle/dr-runbooks/engine/interrupted.ts";
import { listExecutions } from "@castle/dr-runbooks/engine/record.ts";
import { stepsOf } from "@castle/dr-runbooks/engine/runbook.ts";
import { OperationFailed, OperationRefused } from "@castle/dr-runbooks/runbooks/operations/errors.ts";
import { operations, runRejoin } from "@castle/dr-runbooks/runbooks/operations/run.ts";
import { expect } from "chai";
import { HOME, PEER } from "./support/handover-rig.ts";
import { EVERY_KILL_MS, killedAt } from "./support/killed.ts";
import { rejection } from "./support/rejection.ts";
import { ReturningCell } from "./support/returning-cell.ts";

describe("a cell that comes back", function () {
  this.timeout(EVERY_KILL_MS);
  let cell: ReturningCell;
  before(async () => {
    cell = await ReturningCell.start();
    cell.aws.weights.set(PEER, 0);
  });
  after(() => cell.stop());

  /** Runs it, and does what is told once it awaits what is told. */
  async function rejoined(acts: readonly (readonly [awaited: RegExp, act: () => Promise<unknown>])[]) {
    const left = [...acts];
    const awaited: string[] = [];
    let acted: Promise<unknown> = Promise.resolve();
    const result = await runRejoin({
      target: cell.target,
      region: PEER,
      onAwaiting: (what) => {
        awaited.push(what);
        const [next] = left;
        if (!next?.[0].test(what)) return;
        left.shift();
        expect(cell.aws.weights.get(PEER), "it is let in last").to.equal(0);
        acted = acted.then(next[1]);
      },
    });
    await acted;
    expect(
      left.map(([pattern]) => String(pattern)),
      `never awaited; but ${awaited.join("\n")}`,
    ).to.deep.equal([]);
    return result;
  }

  // One after the other: each finds what the one before has left.
  it("is refused while it holds the role", async () => {
    const error = await rejection(runRejoin({ target: cell.target, region: HOME }));
    expect(error).to.be.instanceOf(OperationRefused);
  });

  it("is waited for step by step, each told, and let in at the edge only when it is paired", async () => {
    await cell.accept(5);
    await cell.region(PEER).kill();
    const result = await rejoined([
      [/rejoin-check: .*database in eu-central-1 does not answer/, () => cell.region(PEER).restore()],
      [/rejoin-journal: the journal in eu-central-1 is at epoch 0, not at 1/, () => cell.backfill(3)],
      [/rejoin-journal: .*BTCUSDT up to 3 of 5/, () => cell.backfill(5)],
      [/rejoin-paired: epoch 1 is solo still/, () => cell.pair()],
    ]);
    expect(result).to.deep.include({ kind: "rejoin", region: PEER, activeRegion: HOME, left: [] });
    expect(cell.aws.weights.get(PEER)).to.equal(128);
  });

  it("needs nothing more when it is asked for again", async () => {
    const awaited: string[] = [];
    await runRejoin({ target: cell.target, region: PEER, onAwaiting: (what) => awaited.push(what) });
    expect(awaited).to.deep.equal([]);
  });

  it("is waited for while its database does not follow: Ctrl-C ends that, and the same goes on", async () => {
    cell.aws.weights.set(PEER, 0);
    await cell.parts.databases.in(PEER).query("select pg_wal_replay_pause()");
    await cell.accept(9);
    await cell.backfill(9);
    const stop = new AbortController();
    const interrupted = await rejection(
      runRejoin({
        ...{ target: cell.target, region: PEER, stop: stop.signal },
        onAwaiting: (what) => /database in eu-central-1 has BTCUSDT up to 5 of 9/.test(what) && stop.abort(),
      }),
    );
    expect(interrupted).to.be.instanceOf(OperationFailed);
    expect((interrupted as OperationFailed).cause).to.be.instanceOf(Interrupted);
    expect(cell.aws.weights.get(PEER)).to.equal(0);
    await cell.parts.databases.in(PEER).query("select pg_wal_replay_resume()");
    const result = await rejoined([]);
    expect(result).to.include({ resumed: true, id: (interrupted as OperationFailed).result.id });
    expect(cell.aws.weights.get(PEER)).to.equal(128);
  });

  it("is brought back by one execution whose runner is killed at every point, and while it waits [exhaustive]", async () => {
    cell.aws.weights.set(PEER, 0);
    await cell.accept(12);
    await killedAt(cell, "rejoin", "rejoin-journal", "waits");
    await cell.backfill(12);
    for (const { name } of stepsOf(operations.rejoin))
      for (const moment of ["begins", "inside"] as const) await killedAt(cell, "rejoin", name, moment);
    const result = await rejoined([]);
    expect(result).to.include({ resumed: true });
    expect(cell.aws.weights.get(PEER)).to.equal(128);
    const executions = await listExecutions(cell.target.runsFolder);
    expect(executions.filter(({ finished }) => finished === null)).to.deep.equal([]);
    expect(executions.at(-1)).to.deep.include({ id: result.id });
  });

  it("is told what to do when RDS names its database no member any more", async () => {
    const members = cell.aws.databaseMembers;
    cell.aws.databaseMembers = async () => (await members()).filter(({ region }) => region !== PEER);
    const error = await rejection(runRejoin({ target: cell.target, region: PEER }));
    cell.aws.databaseMembers = members;
    expect(error).to.be.instanceOf(OperationFailed).and.to.include({ step: "rejoin-database" });
    expect(String(error)).to.contain("is no member of the global database any more");
  });
});
