import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { makeApproverKey } from "@castle/dr-runbooks/approvals/approver-key.ts";
import { putInBucket } from "@castle/dr-runbooks/approvals/in-bucket.ts";
import { signed } from "@castle/dr-runbooks/approvals/signed-file.ts";
import { listExecutions } from "@castle/dr-runbooks/engine/record.ts";
import { openAsking } from "@castle/dr-runbooks/engine/state.ts";
import { openBuckets } from "@castle/dr-runbooks/evidence/bucket/open-buckets.ts";
import { executionIn } from "@castle/dr-runbooks/evidence/bucket/read-records.ts";
import { keyFileIn, publicKeyFile, readSigningKey } from "@castle/dr-runbooks/evidence/signing-key.ts";
import { verifyEvidence } from "@castle/dr-runbooks/evidence/verify.ts";
import type { CellTarget } from "@castle/dr-runbooks/target.ts";
import { until } from "@castle/lab/processes/until.ts";
import { expect } from "chai";
import { castle, type Ended } from "./support/castle.ts";
import { HandoverRig, HOME, PEER } from "./support/handover-rig.ts";

const program = fileURLToPath(new URL("../../../bin/castle.ts", import.meta.url));

/** A command whose events are read as they come. */
class Running {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly #lines: { kind: string; [more: string]: unknown }[] = [];
  #heard: () => void = () => undefined;

  constructor(args: readonly string[], cwd: string) {
    const child = spawn(process.execPath, [program, ...args], { cwd, stdio: ["ignore", "pipe", "inherit"] });
    this.child = child;
    this.ended = once(child, "close").then(([code]) => code);
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.#lines.push(JSON.parse(line));
      this.#heard();
    });
  }

  /** Resolves once an event of the kind was told. */
  async told(kind: string): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.#lines.find((line) => line.kind === kind);
      if (found) return found;
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }
}

describe("a failover that somebody else has a say in", () => {
  let rig: HandoverRig;
  let key: string;
  before(async () => {
    rig = await HandoverRig.start({ home: "lost" });
  });
  after(() => rig.stop());
  beforeEach(async () => {
    await rig.reset();
    key = join(rig.folder(), "ada.pem");
    const { fingerprint: _, ...ada } = await makeApproverKey(key, "ada");
    rig.target = { ...rig.target, approvers: [ada] };
  });

  const target = (): string[] => ["--target", rig.targetFile()];
  const run = (...args: string[]): Promise<Ended> => castle([...args, ...target()], rig.folder());
  const begin = (...args: string[]): Running =>
    new Running(["failover", "--to", PEER, "--yes", "--json", ...args, ...target()], rig.folder());
  const only = async () => {
    const [execution] = await listExecutions(rig.target.runsFolder);
    return execution ?? expect.fail("nothing was begun");
  };

  it("holds before everybody may trade until an approver's file is there; another's is refused, and recorded", async () => {
    const runner = begin("--hold");
    await runner.told("approval-asked");
    expect(await rig.peer.role()).to.include({ gate: "cancel-only", epoch: 2 });
    expect((await run("runs")).out).to.match(/^1 {2}failover-2-.* waiting \(for hold-before-open\)/);
    expect((await run("approve", "--list")).out).to.match(
      /The gate of eu-central-1 is cancel-only in epoch 2/,
    );

    const stranger = join(rig.folder(), "eve.pem");
    await makeApproverKey(stranger, "eve");
    const early = await run("approve", "1", "--key", stranger);
    expect(early).to.include({ code: 2 });
    expect(early.errors).to.contain("is none of the handover's tests's approvers (ada)");
    mkdirSync(join(rig.target.runsFolder, "approvals"), { recursive: true });
    writeFileSync(
      join(rig.target.runsFolder, "approvals", `${(await only()).id}.hold-before-open.0.json`),
      "{}",
    );
    expect(await runner.told("approval-refused")).to.include({ because: "it is no signed approval" });
    expect(await rig.peer.role()).to.include({ gate: "cancel-only" });

    const taken = await run(
      "approve",
      "failover-2",
      "--approval",
      "hold-before-open",
      "--key",
      key,
      "--because",
      "ready",
    );
    expect(taken, taken.errors).to.include({ code: 0 });
    expect(await runner.ended).to.equal(0);
    expect(await rig.peer.role()).to.include({ gate: "open" });
    const shown = (await run("run", "show", "1")).out;
    expect(shown).to.match(/hold-before-open +given by ada, key SHA256:\S+, .*by a signed file, .*: ready\n/);
    expect(shown).to.contain("consent-to-loss            passed-over");
    const { runsFolder } = rig.target;
    const publicKey = publicKeyFile(keyFileIn(runsFolder));
    expect((await verifyEvidence({ folder: runsFolder, publicKey })).problems).to.deep.equal([]);
  });

  it("is approved from another machine, which has neither its folder nor its key, through the bucket", async () => {
    rig.keepCopies();
    const approverKey = key;
    const stranger = join(rig.folder(), "eve.pem");
    await makeApproverKey(stranger, "eve");
    const runner = begin("--hold");
    await runner.told("approval-asked");
    const { id, approvals } = await only();
    const { digest = "" } = approvals["hold-before-open"]?.open ?? {};

    // The other machine knows the target, and nothing of what was run.
    const { keyFile: _, ...evidence } = rig.target.evidence ?? expect.fail("there are no buckets");
    const desk = {
      ...rig.target,
      runsFolder: rig.folder(),
      evidence: { ...evidence, keyFile: "/nowhere/key.pem" },
    };
    const deskFile = join(rig.folder(), "desk.json");
    writeFileSync(deskFile, JSON.stringify(desk));
    const there = (...args: string[]): Promise<Ended> =>
      castle([...args, "--target", deskFile], rig.folder());
    const { buckets, close } = openBuckets(rig.target, [PEER]);
    const bucket = buckets[0] ?? expect.fail("the target names no bucket in the peer");
    const isAsked = async (): Promise<boolean> => {
      const copied = await executionIn(bucket, id);
      return copied !== null && openAsking(copied, Date.now()) !== null;
    };
    await until(isAsked, { what: "the question to be in the bucket", withinMs: 60_000, everyMs: 20 });
    expect((await there("approve", "--list")).out).to.contain(`${id} waits for hold-before-open`);

    // Somebody who may write to the bucket, and is no approver.
    const eve = await readSigningKey(stranger);
    const by = { user: "eve", host: "desk", pid: 7 };
    const forged = {
      execution: id,
      approval: "hold-before-open",
      digest,
      at: Date.now(),
      approver: "ada",
      by,
    };
    const file = `${id}.hold-before-open.eve.json`;
    await putInBucket(bucket, file, signed({ ...forged, key: eve.fingerprint }, eve));
    const refusal = await runner.told("approval-refused");
    expect(refusal).to.include({ file });
    expect(refusal.because).to.match(/is none of the target's approvers/);
    expect(await rig.peer.role()).to.include({ gate: "cancel-only" });

    const taken = await there("approve", id.slice(0, 12), "--key", approverKey, "--because", "ready");
    expect(taken, taken.errors).to.include({ code: 0 });
    expect(taken.out).to.contain("and taken: the run goes on");
    expect(await runner.ended).to.equal(0);
    expect(await rig.peer.role()).to.include({ gate: "open" });
    const { given } = (await only()).approvals["hold-before-open"] ?? expect.fail("nobody was asked");
    expect(given).to.include({ how: "file", approver: "ada", because: "ready" });
    const stored = await bucket.list(`approvals/${id}/`);
    const [kept] = stored.filter(({ key: stored }) => stored.endsWith(given?.file ?? "?")) ?? [];
    const { retention } = (kept && (await bucket.read(kept))) ?? expect.fail("it is not in the bucket");
    close();
    expect(retention).to.include({ mode: "COMPLIANCE" });
    // Beside the records, and no part of their chain.
    const verified = await run("evidence", "verify", "--bucket", PEER);
    expect(verified, verified.out + verified.errors).to.include({ code: 0 });
  });

  it("takes an approval that was filed while its runner was dead, as long as it counts", async () => {
    const runner = begin("--hold");
    await runner.told("approval-asked");
    runner.child.kill("SIGKILL");
    await runner.ended;
    const filed = await run("approve", "1", "--key", key);
    expect(filed.out).to.contain("nobody has taken it yet");
    const resumed = await run("resume", "1", "--yes");
    expect(resumed, resumed.errors).to.include({ code: 0 });
    expect((await only()).approvals["hold-before-open"]?.asked).to.have.length(2);
    expect(await rig.peer.role()).to.include({ gate: "open" });
  });

  it("stops at the hold on Ctrl-C, and the same command asks again", async () => {
    const first = begin("--hold");
    await first.told("approval-asked");
    first.child.kill("SIGINT");
    expect(await first.ended).to.equal(130);
    const again = begin();
    await again.told("approval-asked");
    expect(await rig.peer.role()).to.include({ gate: "cancel-only" });
    expect(await run("approve", "1", "--key", key)).to.include({ code: 0 });
    expect(await again.ended).to.equal(0);
  });

  it("is paused from another terminal behind the step at work, which the record tells, and goes on", async () => {
    const promotion = rig.holdPromotion();
    const runner = begin();
    await promotion.asked;
    const pausing = run("pause", "1", "--because", "the network team asks for it");
    // The wish is there once its file is; the step at work ends behind it.
    while (!existsSync(join(rig.target.runsFolder, `${(await only()).id}.pause`)))
      await new Promise(setImmediate);
    promotion.release();
    expect(await runner.ended).to.equal(130);
    expect(await pausing).to.include({ code: 0 });
    const { id, paused, settled } = await only();
    expect(paused).to.deep.include({ because: "the network team asks for it" });
    expect(settled.map(({ step }) => step)).to.not.include("rebuild-queues");
    expect((await run("runs")).out).to.contain(" paused ");
    const gone = await run("pause", "1", "--because", "again");
    expect(gone).to.include({ code: 2 });
    expect(gone.errors).to.contain(`nobody runs ${id} at this moment`);
    expect(await run("resume", id.slice(0, 12), "--yes")).to.include({ code: 0 });
    expect(await rig.peer.role()).to.include({ gate: "open" });
  });

  it("out of solo keeps what was consented to, by whom, and to which figures", async () => {
    await rig.reset("solo");
    await rig.peer.accept("BTCUSDT", 1, 3);
    const runner = begin("--consent-to-loss");
    expect(await runner.ended).to.equal(0);
    const { given } = (await only()).approvals["consent-to-loss"] ?? expect.fail("nobody was asked");
    expect(given).to.include({ how: "flag" });
    expect(given?.figures.join("\n")).to.match(
      /has been solo for .*\n.*BTCUSDT up to 3.*cannot be counted.*\n/,
    );
  });

  it("is not run with --yes outside a lab", async () => {
    const { awsEndpoint: _, witness, cells, ...rest } = rig.target;
    const elsewhere = (cell: CellTarget): CellTarget => ({
      ...cell,
      databaseUrl: "postgres://castle@database.invalid/castle?sslmode=verify-full",
      journalUrl: "postgres://castle@journal.invalid/castle?sslmode=verify-full",
      redisUrl: "rediss://cache.invalid",
    });
    const target = {
      ...{ ...rest, kind: "aws", witness: { table: witness.table, region: witness.region } },
      cells: { [HOME]: elsewhere(cells[HOME]), [PEER]: elsewhere(cells[PEER]) },
    };
    const file = join(rig.folder(), "aws.json");
    writeFileSync(file, JSON.stringify(target));
    const { code, errors } = await castle(
      ["failover", "--to", PEER, "--yes", "--target", file],
      rig.folder(),
    );
    expect(code).to.equal(2);
    expect(errors).to.contain("is not run with --yes, which is for drills in a lab");
    expect(await listExecutions(rig.target.runsFolder)).to.deep.equal([]);
  });
});
