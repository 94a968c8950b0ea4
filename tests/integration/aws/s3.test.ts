import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as sdk from "@aws-sdk/client-s3";
import { evidenceBuckets } from "@castle/lab/aws/s3/buckets.ts";
import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { ControlPlaneUnderTest, faultOf, identifiers } from "./control-plane-under-test.ts";

const DAY = 86_400_000;
const Bucket = identifiers.cell(peerRegion).evidenceBucket;

describe("S3 in the lab's control plane", () => {
  let folder: string;
  let clock: number;
  let aws: ControlPlaneUnderTest;
  let client: sdk.S3Client;
  const start = async (objectLock = true) => {
    const buckets = evidenceBuckets(identifiers, { folder, objectLock, now: () => clock });
    aws = await new ControlPlaneUnderTest({ buckets }).start();
    client = aws.s3(peerRegion);
  };
  beforeEach(async () => {
    clock = Date.parse("2026-03-01T00:00:00Z");
    folder = await mkdtemp(join(tmpdir(), "castle-s3-"));
    await start();
  });
  afterEach(async () => {
    await aws.stop();
    await rm(folder, { recursive: true });
  });

  const locked = () => ({
    ObjectLockMode: "COMPLIANCE" as const,
    ObjectLockRetainUntilDate: new Date(clock + 30 * DAY),
  });
  const put = (Key: string, Body = "line\n", more: Partial<sdk.PutObjectCommandInput> = {}) =>
    client.send(new sdk.PutObjectCommand({ Bucket, Key, Body, ...more }));
  const text = async (Key: string, more: Partial<sdk.GetObjectCommandInput> = {}) =>
    (await client.send(new sdk.GetObjectCommand({ Bucket, Key, ...more }))).Body?.transformToString();

  it("keeps what is written, with its lock, and tells it with a checksum that the SDK checks", async () => {
    const written = await put("runs/a b/+1.json", "höher\n", { ...locked(), Metadata: { lines: "1" } });
    const got = await client.send(new sdk.GetObjectCommand({ Bucket, Key: "runs/a b/+1.json" }));
    expect(await got.Body?.transformToString()).to.equal("höher\n");
    expect(got).to.deep.include({
      ...{ VersionId: written.VersionId, ETag: written.ETag, ContentLength: 7, Metadata: { lines: "1" } },
      ...{ LastModified: new Date(clock), ...locked() },
    });
    const head = await client.send(new sdk.HeadObjectCommand({ Bucket, Key: "runs/a b/+1.json" }));
    expect(head).to.deep.include({ ContentLength: 7, ...locked() });
    const { Retention } = await client.send(
      new sdk.GetObjectRetentionCommand({ Bucket, Key: "runs/a b/+1.json" }),
    );
    expect(Retention).to.deep.equal({ Mode: "COMPLIANCE", RetainUntilDate: new Date(clock + 30 * DAY) });
  });

  it("is noticed by the SDK when its disk holds something else", async () => {
    await put("a");
    const [file = ""] = (await readdir(join(folder, Bucket))).filter((name) => name.endsWith(".body"));
    await writeFile(join(folder, Bucket, file), "linE\n");
    expect((await faultOf(text("a"))).message).to.include("Checksum mismatch");
  });

  it("keeps it on disk, for a control plane that is started again", async () => {
    const { VersionId } = await put("a", "first");
    await put("a", "second", locked());
    await aws.stop();
    await start();
    expect(await text("a")).to.equal("second");
    expect(await text("a", { VersionId })).to.equal("first");
    expect(await readFile(join(folder, Bucket, "00000001.body"), "utf8")).to.equal("first");
  });

  it("writes a key that must be new once, of many at the same time, and again behind a delete marker", async () => {
    const tries = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        put("a", `${n}`, { IfNoneMatch: "*" }).then(
          () => "written",
          (cause: sdk.S3ServiceException) => `${cause.name} ${cause.$metadata.httpStatusCode}`,
        ),
      ),
    );
    expect(tries.filter((end) => end === "written")).to.have.length(1);
    expect(new Set(tries)).to.deep.equal(new Set(["written", "PreconditionFailed 412"]));
    await client.send(new sdk.DeleteObjectCommand({ Bucket, Key: "a" }));
    await put("a", "over it", { IfNoneMatch: "*" });
    const { Versions, DeleteMarkers } = await client.send(new sdk.ListObjectVersionsCommand({ Bucket }));
    expect(Versions).to.have.length(2);
    expect(DeleteMarkers).to.have.length(1);
  });

  it("removes no version whose lock runs, and hides it behind a marker when no version is named", async () => {
    const { VersionId } = await put("a", "line\n", locked());
    const remove = () => client.send(new sdk.DeleteObjectCommand({ Bucket, Key: "a", VersionId }));
    const refusal = await faultOf(remove());
    expect(refusal).to.include({ name: "AccessDenied", status: 403 });
    expect(refusal.message).to.include("object lock");
    const marker = await client.send(new sdk.DeleteObjectCommand({ Bucket, Key: "a" }));
    expect(marker.DeleteMarker).to.equal(true);
    expect(await faultOf(text("a"))).to.include({ name: "NoSuchKey", status: 404 });
    expect(await text("a", { VersionId })).to.equal("line\n");
    clock += 31 * DAY;
    await remove();
    expect(await faultOf(text("a", { VersionId }))).to.include({ name: "NoSuchVersion", status: 404 });
  });

  it("bypasses a lock of governance, never one of compliance", async () => {
    const governed = await put("a", "x", { ...locked(), ObjectLockMode: "GOVERNANCE" });
    const compliant = await put("b", "x", locked());
    const bypass = (Key: string, VersionId: string | undefined) =>
      client.send(new sdk.DeleteObjectCommand({ Bucket, Key, VersionId, BypassGovernanceRetention: true }));
    await bypass("a", governed.VersionId);
    expect(await faultOf(bypass("b", compliant.VersionId))).to.include({ name: "AccessDenied" });
  });

  it("lists keys page by page, and versions with their markers", async () => {
    for (const key of ["runs/b/2", "runs/a/1", "runs/b/1", "other", "runs/<&>"]) await put(key);
    await put("runs/b/1", "again");
    await client.send(new sdk.DeleteObjectCommand({ Bucket, Key: "runs/a/1" }));
    const keys: string[] = [];
    const pages = sdk.paginateListObjectsV2({ client, pageSize: 2 }, { Bucket, Prefix: "runs/" });
    for await (const page of pages) keys.push(...(page.Contents ?? []).map(({ Key = "" }) => Key));
    expect(keys).to.deep.equal(["runs/<&>", "runs/b/1", "runs/b/2"]);
    const versions: string[] = [];
    const more: Partial<sdk.ListObjectVersionsCommandInput> = {};
    for (;;) {
      const page = await client.send(
        new sdk.ListObjectVersionsCommand({ Bucket, Prefix: "runs/", MaxKeys: 2, ...more }),
      );
      for (const version of page.Versions ?? []) versions.push(`${version.Key} ${version.Size}`);
      for (const marker of page.DeleteMarkers ?? []) versions.push(`${marker.Key} deleted`);
      if (!page.IsTruncated) break;
      Object.assign(more, { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker });
    }
    expect(versions).to.have.members([
      "runs/<&> 5",
      "runs/a/1 deleted",
      "runs/a/1 5",
      "runs/b/1 5",
      "runs/b/1 5",
      "runs/b/2 5",
    ]);
  });

  it("tells that it locks and keeps versions, and that another bucket does not", async () => {
    const configuration = () => client.send(new sdk.GetObjectLockConfigurationCommand({ Bucket }));
    const versioning = () => client.send(new sdk.GetBucketVersioningCommand({ Bucket }));
    expect((await configuration()).ObjectLockConfiguration).to.deep.equal({ ObjectLockEnabled: "Enabled" });
    expect((await versioning()).Status).to.equal("Enabled");
    await aws.stop();
    await start(false);
    expect(await faultOf(configuration())).to.include({
      ...{ name: "ObjectLockConfigurationNotFoundError", status: 404 },
    });
    expect((await versioning()).Status).to.equal(undefined);
    expect(await faultOf(put("a", "x", locked()))).to.include({ name: "InvalidRequest", status: 400 });
  });

  for (const [what, more, code] of [
    ["half a lock", { ObjectLockMode: "COMPLIANCE" }, "InvalidArgument"],
    [
      "a lock of no mode there is",
      { ObjectLockMode: "FOREVER", ObjectLockRetainUntilDate: new Date(2e12) },
      "InvalidArgument",
    ],
    [
      "a lock that is over",
      { ObjectLockMode: "COMPLIANCE", ObjectLockRetainUntilDate: new Date(1) },
      "InvalidArgument",
    ],
    ["another body than was announced", { ContentMD5: "1B2M2Y8AsgTpgAmY7PhCfg==" }, "BadDigest"],
    ["what is no MD5", { ContentMD5: "abc" }, "InvalidDigest"],
    ["a checksum that is none", { ChecksumSHA256: "abc" }, "InvalidRequest"],
    ["a checksum of another body", { ChecksumCRC32: "AAAAAA==" }, "BadDigest"],
    ["what the lab leaves out", { ServerSideEncryption: "aws:kms" }, "NotImplemented"],
    ["a condition that the lab leaves out", { IfNoneMatch: '"etag"' }, "NotImplemented"],
    ["an account that is not its own", { ExpectedBucketOwner: "111111111111" }, "AccessDenied"],
  ] as const)
    it(`refuses ${what} with ${code}`, async () => {
      const more_ = more as Partial<sdk.PutObjectCommandInput>;
      expect(await faultOf(put("a", "line\n", more_))).to.include({ name: code });
      expect(await faultOf(text("a"))).to.include({ name: "NoSuchKey" });
    });

  it("knows no bucket of another name, and sends to the region that a bucket is in", async () => {
    const get = (name: string) => client.send(new sdk.GetBucketVersioningCommand({ Bucket: name }));
    expect(await faultOf(get("nobodys"))).to.include({ name: "NoSuchBucket", status: 404 });
    const elsewhere = identifiers.cell(homeRegion).evidenceBucket;
    expect(await faultOf(get(elsewhere))).to.include({ name: "PermanentRedirect", status: 301 });
  });

  it("is gone while its region is, and there again with it", async () => {
    await put("a");
    aws.cells.endpoints.set(peerRegion, "refuses");
    expect((await faultOf(text("a"))).code).to.equal("ECONNRESET");
    aws.cells.endpoints.set(peerRegion, "answers");
    expect(await text("a")).to.equal("line\n");
  });
});
