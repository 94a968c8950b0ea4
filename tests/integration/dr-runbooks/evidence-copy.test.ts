import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { listExecutions } from "@castle/dr-runbooks/engine/record.ts";
import { evidenceOperations } from "@castle/dr-runbooks/evidence/bucket/actions.ts";
import { linesOf, readCopy } from "@castle/dr-runbooks/evidence/bucket/copy.ts";
import { openBuckets, retentionOf } from "@castle/dr-runbooks/evidence/bucket/open-buckets.ts";
import { verifyCopy } from "@castle/dr-runbooks/evidence/bucket/verify-copy.ts";
import { entryOf } from "@castle/dr-runbooks/evidence/chain.ts";
import { readIndex } from "@castle/dr-runbooks/evidence/executions-index.ts";
import { publicKeyFile } from "@castle/dr-runbooks/evidence/signing-key.ts";
import { evidence } from "@castle/dr-runbooks/readiness/checks/evidence.ts";
import { connectTo } from "@castle/dr-runbooks/readiness/connections.ts";
import { Look } from "@castle/dr-runbooks/readiness/look.ts";
import { readReport } from "@castle/dr-runbooks/report/execution/read.ts";
import { runFailover } from "@castle/dr-runbooks/runbooks/run.ts";
import { until } from "@castle/lab/processes/until.ts";
import { expect } from "chai";
import { castle, program } from "./support/castle.ts";
import { HandoverRig, HOME, PEER } from "./support/handover-rig.ts";

describe("the copy of an execution's record, kept where the surviving region can read it", () => {
  let rig: HandoverRig;
  const asked = new Set<string>();
  before(async () => {
    rig = await HandoverRig.start({ home: "lost" });
  });
  after(() => rig.stop());
  beforeEach(async () => {
    await rig.reset();
    rig.keepCopies();
    await rig.peer.accept("BTCUSDT", 1, 3);
    await rig.peer.append(1, "BTCUSDT", 1, 5);
  });
  afterEach(() => {
    for (const { service, operation } of rig.requests)
      if (service === "s3" && operation !== null) asked.add(operation);
  });

  const inPeer = async <Result>(
    use: (bucket: ReturnType<typeof openBuckets>["buckets"][number]) => Promise<Result>,
  ): Promise<Result> => {
    const { buckets, close } = openBuckets(rig.target, [PEER]);
    const [bucket] = buckets;
    if (!bucket) throw new Error("the target names no bucket in the peer");
    return use(bucket).finally(close);
  };
  const verdict = (folder = rig.target.runsFolder) =>
    inPeer((bucket) =>
      verifyCopy({
        ...{ bucket, folder, retention: retentionOf(rig.target) },
        publicKey: publicKeyFile(rig.target.evidence?.keyFile ?? ""),
      }),
    );
  const command = (...args: string[]) => castle([...args, "--target", rig.targetFile()], rig.folder());

  it("is whole when the failover is done, locked, and the same as the folder's", async () => {
    const unshipped: string[] = [];
    const { id } = await runFailover({
      ...{ target: rig.target, to: PEER },
      onUnshipped: (lines) => unshipped.push(...lines),
    });
    expect(unshipped).to.deep.equal([]);
    for (const where of [rig.target.runsFolder, "/nowhere"])
      expect(await verdict(where)).to.deep.include({ green: true, problems: [], executions: 1 });
    const report = await readReport({ target: rig.target, id });
    const [, ofPeer] = report.copies;
    expect(report.copies.map(({ region, complete }) => [region, complete])).to.deep.equal([
      [HOME, null],
      [PEER, true],
    ]);
    expect(ofPeer?.lines).to.equal(ofPeer?.of);
    expect(ofPeer?.lockedUntil).to.be.greaterThan(Date.now() + 23 * 3_600_000);
    // The copying is told so, and in no other way.
    expect(rig.requests.map(({ service }) => service)).to.include("s3");
    expect(report.calls.map(({ service }) => service)).to.not.include("s3");
    expect(report.notListed.join()).to.contain("copy the record to the evidence buckets");
    const told = await command("evidence", "verify", id, "--bucket", PEER, "--json");
    expect(JSON.parse(told.out)).to.include({ green: true, executions: 1 });
    expect(told.code).to.equal(0);
    const unknown = await command("evidence", "verify", "failover-9", "--bucket", PEER);
    expect(unknown).to.include({ code: 2 });
    expect(unknown.errors).to.include("there is no execution failover-9 in s3://");
    const again = await command("evidence", "ship", "--bucket", PEER);
    expect(again.out).to.include("0 lines sent; all of the folder is there");
  });

  it("lets another machine finish what a killed one began, with the same key and no folder", async () => {
    const promotion = rig.holdPromotion();
    const runner = spawn(
      process.execPath,
      [program, "failover", "--to", PEER, "--yes", "--json", "--target", rig.targetFile()],
      { cwd: rig.folder(), stdio: "ignore" },
    );
    await promotion.asked;
    const [begun] = await listExecutions(rig.target.runsFolder);
    const id = begun?.id ?? "";
    const isCopied = async (): Promise<boolean> => {
      const lines = await inPeer(async (bucket) => linesOf(await readCopy(bucket, id)).get(id) ?? []);
      return lines.some((line) => {
        const event = entryOf(line)?.event as { kind: string; step?: string };
        return event.kind === "step-started" && event.step === "promote-database";
      });
    };
    await until(isCopied, {
      what: "the step at work to be told in the bucket",
      withinMs: 60_000,
      everyMs: 20,
    });
    runner.kill("SIGKILL");
    await once(runner, "exit");
    promotion.release();
    rmSync(rig.target.runsFolder, { recursive: true });

    const resumed = await command("resume", id, "--yes");
    expect(resumed.errors).to.match(/records of 2 files were fetched from s3:\/\/\S+ \(eu-central-1\)/);
    expect(resumed.code, resumed.errors).to.equal(0);
    const executions = await listExecutions(rig.target.runsFolder);
    expect(executions.map(({ id: known, finished }) => [known, finished?.outcome])).to.deep.equal([
      [id, "done"],
    ]);
    expect(await rig.witness.read()).to.include({ epoch: 2, activeRegion: PEER, changedBy: id });
    expect(await rig.peer.role()).to.deep.equal({ epoch: 2, region: PEER, gate: "open" });
    expect((await verdict()).problems).to.deep.equal([]);
  });

  it("holds no failover up when it cannot be made: that is told, written down, and sent later", async () => {
    const { target } = rig;
    rig.keepCopies({ [PEER]: "nobodys-bucket" });
    const unshipped: string[] = [];
    const events: string[] = [];
    const { id } = await runFailover({
      ...{ target: rig.target, to: PEER },
      onEvent: ({ kind }) => {
        if (kind === "finished") events.push("finished");
      },
      onUnshipped: (lines) => {
        events.push("told");
        unshipped.push(...lines);
      },
    });
    expect(events, "whoever watches knows that it is done before it is waited for").to.deep.equal([
      "finished",
      "told",
    ]);
    expect(unshipped.join())
      .to.include("the record is not complete in eu-central-1")
      .and.include("castle evidence ship");
    expect(unshipped.join()).to.include("The specified bucket does not exist");
    const noted = (await readIndex(target.runsFolder)).filter(({ kind }) => kind === "unshipped");
    expect(noted.map((event) => [event.id, event.region])).to.deep.equal([[id, PEER]]);

    rig.target = target;
    const missing = await readiness();
    expect(missing).to.include({ outcome: "fails" });
    expect(missing.found).to.include(`eu-central-1 has 0 of`).and.include(id);
    expect((await verdict()).green).to.equal(false);
    const sent = await command("evidence", "ship", "--bucket", PEER);
    expect(sent.code, sent.out).to.equal(0);
    expect((await verdict()).problems).to.deep.equal([]);
    expect((await readiness()).found).to.not.include("eu-central-1 has");
  });

  /** HOME is lost; it is looked at as if it were there, with a bucket that nothing was sent to. */
  async function readiness() {
    rig.aws.lost.delete(HOME);
    const connections = connectTo(rig.target);
    try {
      return await evidence.look(new Look(connections, Date.now()));
    } finally {
      await connections.close();
      rig.aws.lost.add(HOME);
    }
  }

  it("tells what is wrong with the command: a region without a bucket, a key that is not here", async () => {
    await runFailover({ target: rig.target, to: PEER });
    const { keyFile = "", ...others } = rig.target.evidence ?? {};
    rig.target = {
      ...rig.target,
      evidence: { ...others, keyFile: `${keyFile}.gone` },
      runsFolder: rig.folder(),
    };
    const pulled = await command("evidence", "pull", "--bucket", PEER);
    expect(pulled).to.include({ code: 1 });
    expect(pulled.out).to.include("there is no key at").and.include("secret store");
    const lost = await command("evidence", "pull", "--bucket", HOME);
    expect(lost).to.include({ code: 1 });
    rig.target = { ...rig.target, evidence: { keyFile } };
    const none = await command("evidence", "ship");
    expect(none).to.include({ code: 2 });
    expect(none.errors).to.include("names no bucket for evidence");
  });

  it("asks of S3 what the IAM policy allows, and nothing else", () => {
    expect([...asked].sort()).to.deep.equal(Object.keys(evidenceOperations).sort());
  });
});
