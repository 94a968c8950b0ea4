import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ExecutionClaimed } from "@castle/dr-runbooks/engine/claim-execution.ts";
import { listExecutions } from "@castle/dr-runbooks/engine/record.ts";
import { branchesOf, stepsOf } from "@castle/dr-runbooks/engine/runbook.ts";
import type { Handover } from "@castle/dr-runbooks/handover.ts";
import { HandoverFailed, HandoverRefused } from "@castle/dr-runbooks/runbooks/errors.ts";
import { runbooks, runFailover, runSwitchover } from "@castle/dr-runbooks/runbooks/run.ts";
import type { CellRegion } from "@castle/dr-runbooks/target.ts";
import type { Lab } from "@castle/lab/lab.ts";
import { until } from "@castle/lab/processes/until.ts";
import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { WitnessRefused } from "@castle/regions/witness/record.ts";
import { expect } from "chai";
import { activeGateways, onlyActive, sharedLab } from "./support/shared-lab.ts";

const CASTLE = fileURLToPath(new URL("../../bin/castle.ts", import.meta.url));

describe("handovers that meet each other, or lose their runner", function () {
  this.timeout(600_000);
  let lab: Lab;
  let witness: DynamoWitness;

  before(async () => {
    lab = await sharedLab();
    witness = new DynamoWitness(lab.target.witness);
  });
  after(() => witness?.close());

  const other = (region: string): CellRegion =>
    (region === homeRegion ? peerRegion : homeRegion) as CellRegion;

  it("lets exactly one of two operators win who start a switchover at the same moment, every time", async () => {
    for (let round = 0; round < 2; round++) {
      const before = await witness.read();
      const to = other(before.activeRegion);
      const operators = await Promise.allSettled(
        ["one", "two"].map(async (name) =>
          runSwitchover({
            target: lab.target,
            to,
            runsFolder: await mkdtemp(join(lab.folder, `runs-${name}-`)),
          }),
        ),
      );
      const won = operators.filter((operator) => operator.status === "fulfilled");
      expect(won, JSON.stringify(operators)).to.have.length(1);
      const [lost] = operators.flatMap((operator) =>
        operator.status === "rejected" ? [operator.reason] : [],
      );
      expect(lost).to.satisfy(
        (error: unknown) =>
          error instanceof HandoverRefused ||
          error instanceof HandoverFailed ||
          error instanceof ExecutionClaimed,
      );
      const after = await witness.read();
      expect(after.epoch).to.equal(before.epoch + 1);
      await onlyActive(lab, to);
    }
  });

  it("lets exactly one win when the active cell asks for solo while its peer is being promoted", async () => {
    const winners = new Set<string>();
    for (const waitMs of [0, 2_600]) {
      const before = await witness.read();
      const from = before.activeRegion as CellRegion;
      await lab.link.cut();
      const cutAt = performance.now();
      await until(() => performance.now() - cutAt >= waitMs, {
        what: "the moment to come",
        withinMs: 60_000,
      });
      const promoted = await runFailover({ target: lab.target, to: other(from) }).then(
        () => true,
        (error: unknown) => {
          const refused = error instanceof HandoverFailed ? error.cause : error;
          expect(refused).to.satisfy(
            (e: unknown) => e instanceof HandoverRefused || e instanceof WitnessRefused,
            String(error),
          );
          return false;
        },
      );
      const record = await witness.read();
      expect(record.epoch).to.equal(promoted ? before.epoch + 1 : before.epoch);
      const active = promoted ? other(from) : from;
      winners.add(promoted ? "operator" : "cell");
      await until(
        async () =>
          (await activeGateways(lab, other(active))) === 0 && (await activeGateways(lab, active)) === 2,
        {
          what: `${active} to be active alone`,
          withinMs: 60_000,
        },
      );
      await lab.link.heal();
      await onlyActive(lab, active);
    }
    expect([...winners].sort()).to.deep.equal(["cell", "operator"]);
  });

  it("refuses a change that was meant for an epoch that is over", async () => {
    const { epoch: now, activeRegion } = await witness.read();
    const refused = await witness
      .change({ kind: "go-solo", region: activeRegion, epoch: epoch(now - 1), by: "test" })
      .catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(WitnessRefused);
  });

  /** Runs the command and kills it dead as soon as it says that one more step is done. @returns its exit code, null when killed */
  const killedBehindAStep = async (
    kind: "failover" | "switchover",
    to: string,
    done: Set<string>,
  ): Promise<number | null> => {
    const child = spawn(
      process.execPath,
      [CASTLE, kind, "--to", to, "--target", join(lab.folder, "target.json"), "--yes", "--json"],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const exited = once(child, "exit");
    for await (const line of createInterface({ input: child.stdout })) {
      const event = JSON.parse(line);
      if (event.kind !== "step-done" || done.has(event.step)) continue;
      done.add(event.step);
      // Behind the last steps there may be nothing left to finish.
      if (!lastSteps(kind).includes(event.step)) child.kill("SIGKILL");
    }
    const [code] = await exited;
    return code;
  };
  const lastSteps = (kind: "failover" | "switchover"): string[] =>
    runbooks[kind].parts
      .slice(-1)
      .flatMap((part) => branchesOf(part).flat())
      .map(({ name }) => name);

  for (const kind of ["switchover", "failover"] as const)
    it(`finishes the same ${kind} when its runner is killed behind every single step [exhaustive]`, async () => {
      const before = await witness.read();
      const to = other(before.activeRegion);
      if (kind === "failover") await lab.region(before.activeRegion).kill();
      const begun = await listExecutions(lab.target.runsFolder);
      const done = new Set<string>();
      let code: number | null = null;
      while (code === null) code = await killedBehindAStep(kind, to, done);
      expect(code).to.equal(0);
      const ids = new Set(begun.map(({ id }) => id));
      const [execution, ...more] = (await listExecutions(lab.target.runsFolder)).filter(
        ({ id }) => !ids.has(id),
      );
      expect(more).to.have.length(0);
      // Of two steps that end at one moment, a runner may be killed before it tells the second: its record tells both.
      expect(execution?.settled.map(({ step }) => step).sort()).to.deep.equal(
        stepsOf<Handover>(runbooks[kind])
          .map(({ name }) => name)
          .sort(),
      );
      expect((await witness.read()).epoch).to.equal(before.epoch + 1);
      if (kind === "failover") await lab.region(before.activeRegion).restore();
      await onlyActive(lab, to);
    });
});
