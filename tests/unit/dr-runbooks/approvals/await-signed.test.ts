import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeApproverKey } from "@castle/dr-runbooks/approvals/approver-key.ts";
import { awaitSigned } from "@castle/dr-runbooks/approvals/await-signed.ts";
import { APPROVALS, inBucket, putInBucket } from "@castle/dr-runbooks/approvals/in-bucket.ts";
import { inFolder, putInFolder } from "@castle/dr-runbooks/approvals/in-folder.ts";
import type { ApprovalPlace } from "@castle/dr-runbooks/approvals/place.ts";
import { type SignedFile, type Statement, signed } from "@castle/dr-runbooks/approvals/signed-file.ts";
import { type Asked, type Asking, digestOf } from "@castle/dr-runbooks/engine/approval.ts";
import { readSigningKey, type SigningKey } from "@castle/dr-runbooks/evidence/signing-key.ts";
import type { Target } from "@castle/dr-runbooks/target.ts";
import { milliseconds } from "@castle/regions/duration.ts";
import { expect } from "chai";
import { scratchFolder } from "../engine/scratch.ts";
import { BucketOfTests } from "../evidence/bucket-of-tests.ts";

const by = { user: "ada", host: "desk", pid: 7 };
const EXECUTION = "failover-2";

/** Asked a moment ago, so that the real clock has a say. */
function asked(change: Partial<Asked> = {}): Asked {
  const measuredAt = Date.now() - 1_000;
  const what = { execution: EXECUTION, approval: "hold", figures: ["3 are missing"], measuredAt, ...change };
  const rest = { purpose: "Go on.", word: "yes", ahead: false, until: Date.now() + 60_000 };
  return { ...rest, ...what, digest: digestOf(what) };
}

describe("a run that waits for a signed approval", () => {
  const folder = scratchFolder();
  let bucket: BucketOfTests;
  let approvers: NonNullable<Target["approvers"]>;
  let ada: SigningKey;
  let eve: SigningKey;
  let question: Asked;
  let refusals: { file: string; because: string }[];
  let troubles: string[];
  let stop: AbortController;
  beforeEach(async () => {
    const { fingerprint: _, ...listed } = await makeApproverKey(join(folder(), "ada.pem"), "ada");
    await makeApproverKey(join(folder(), "eve.pem"), "eve");
    [ada, eve] = [
      await readSigningKey(join(folder(), "ada.pem")),
      await readSigningKey(join(folder(), "eve.pem")),
    ];
    approvers = [listed];
    bucket = new BucketOfTests();
    question = asked();
    [refusals, troubles, stop] = [[], [], new AbortController()];
  });
  afterEach(() => stop.abort());

  const sign = (change: Partial<Statement> = {}, key = ada): SignedFile =>
    signed(
      {
        ...{ execution: EXECUTION, approval: "hold", digest: question.digest, at: Date.now() },
        ...{ approver: "ada", by, key: key.fingerprint, ...change },
      },
      key,
    );
  const asking = (more: Partial<Asking> = {}): Asking => ({
    signal: stop.signal,
    refuse: async ({ file = "", because }) => void refusals.push({ file, because }),
    ...{ known: new Set<string>(), outdated: new Set<string>(), ...more },
  });
  /** Looks at a bucket as often as a test likes. */
  const atOnce = (place: ApprovalPlace): ApprovalPlace => ({ ...place, lookEvery: milliseconds(1) });
  const places = (): ApprovalPlace[] => [atOnce(inFolder(folder())), atOnce(inBucket(bucket))];
  const wait = (more: Partial<Asking> = {}) =>
    awaitSigned(places(), { approvers }, (what) => troubles.push(what))(question, asking(more));

  it("takes one from the folder, and one from the bucket that another machine put it in", async () => {
    await putInFolder(folder(), "failover-2.hold.a.json", sign());
    expect(await wait()).to.include({ agreed: true, approver: "ada", file: "failover-2.hold.a.json" });
    await putInBucket(bucket, "failover-2.hold.b.json", sign());
    expect(await wait({ known: new Set(["failover-2.hold.a.json"]) })).to.include({
      ...{ agreed: true, approver: "ada", file: "failover-2.hold.b.json" },
    });
  });

  it("finds one that is put there while it waits", async () => {
    const waiting = wait();
    await putInBucket(bucket, "failover-2.hold.a.json", sign());
    expect(await waiting).to.include({ file: "failover-2.hold.a.json" });
  });

  it("refuses what does not count, wherever it was put, once and with its reason", async () => {
    const before = asked({ measuredAt: question.measuredAt - 400_000 });
    const wrong: [string, SignedFile, RegExp][] = [
      ["by an unknown key", sign({}, eve), /none of the target's approvers/],
      ["for other figures", sign({ digest: asked({ figures: ["0"] }).digest }), /other figures/],
      ["replayed from an earlier question", sign({ digest: before.digest }), /came too late/],
      ["signed too late", sign({ at: question.until + 1 }), /came too late/],
      ["altered", { ...sign(), because: "so" }, /not signed by the key/],
    ];
    for (const [index, [, file]] of wrong.entries()) {
      await putInBucket(bucket, `failover-2.hold.${index}.json`, file);
      if (index % 2 === 0) await putInFolder(folder(), `failover-2.hold.${index}.json`, file);
    }
    const waiting = wait({ outdated: new Set([before.digest]) });
    while (refusals.length < wrong.length) await new Promise(setImmediate);
    await putInBucket(bucket, "failover-2.hold.right.json", sign());
    expect(await waiting).to.include({ file: "failover-2.hold.right.json" });
    expect(refusals).to.have.length(wrong.length);
    for (const [index, [what, , because]] of wrong.entries())
      expect(refusals.find(({ file }) => file.endsWith(`.${index}.json`))?.because, what).to.match(because);
  });

  it("is refused one that came when the figures had grown old", async () => {
    question = { ...question, until: Date.now() - 1 };
    await putInBucket(bucket, "failover-2.hold.a.json", sign({ at: question.until - 1 }));
    void wait()?.catch(() => undefined);
    while (refusals.length === 0) await new Promise(setImmediate);
    expect(refusals[0]?.because).to.match(/came too late: the figures counted until/);
  });

  it("reads neither what is too large, nor another execution's, nor what was written over the first", async () => {
    mkdirSync(join(folder(), "approvals"));
    writeFileSync(join(folder(), "approvals", "failover-2.hold.0.json"), "x".repeat(20_000));
    bucket.keep(`${APPROVALS}failover-2/failover-2.hold.1.json`, Buffer.alloc(20_000, "x"));
    await putInBucket(bucket, "failover-2.hold.a.json", { ...sign(), execution: "failover-20" });
    await putInBucket(bucket, "failover-2.hold.2.json", sign({}, eve));
    bucket.keep(`${APPROVALS}failover-2/failover-2.hold.2.json`, Buffer.from(JSON.stringify(sign())));
    const waiting = wait();
    while (refusals.length < 3) await new Promise(setImmediate);
    await putInBucket(bucket, "failover-2.hold.b.json", sign());
    expect(await waiting).to.include({ file: "failover-2.hold.b.json" });
    expect(refusals.map(({ because }) => because.slice(0, 18)).sort()).to.deep.equal([
      "it cannot be read",
      "it cannot be read",
      `its key ${eve.fingerprint}`.slice(0, 18),
    ]);
  });

  it("goes on looking elsewhere, and tells it once, while a bucket does not answer", async () => {
    bucket.before = async () => {
      throw new Error("connection refused");
    };
    const waiting = wait();
    while (troubles.length === 0) await new Promise(setImmediate);
    await putInFolder(folder(), "failover-2.hold.a.json", sign());
    expect(await waiting).to.include({ file: "failover-2.hold.a.json" });
    expect(troubles).to.have.length(1);
    expect(troubles[0])
      .to.contain("s3://evidence-of-tests (eu-central-1)")
      .and.to.contain("connection refused");
  });

  it("is waited for by nobody whose target lists no approver", () => {
    expect(awaitSigned(places(), {})(question, asking())).to.equal(null);
  });
});
