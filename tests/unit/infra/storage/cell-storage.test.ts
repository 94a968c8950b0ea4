import { expect } from "chai";
import type { CellContext } from "../../../../infra/cell/context.ts";
import { CellStorage } from "../../../../infra/cell/storage/cell-storage.ts";
import { contextOf } from "../support/cell-context.ts";
import { keyOfTests } from "../support/made-up.ts";
import { type Recorded, type Recording, record } from "../support/recorded.ts";

const build = (context: CellContext): Promise<Recording> =>
  record(() => new CellStorage("cell", { context, keys: keyOfTests }), {
    outputs: {
      "aws:s3/bucket:Bucket": ({ bucket }) => ({ arn: `arn:aws:s3:::${bucket}` }),
      "aws:iam/role:Role": (_, name) => ({ arn: `arn:aws:iam::111122223333:role/${name}` }),
    },
  });

const KINDS = ["frontend", "archive", "evidence", "logs"] as const;
const named = (recording: Recording, type: string, kind: string): Recorded =>
  recording.one(`aws:s3/${type}`, `cell-${kind}`);

describe("a cell's buckets", () => {
  let home: Recording;
  let peer: Recording;

  before(async () => {
    home = await build(contextOf("prd"));
    peer = await build(contextOf("dr"));
  });

  it("are named after their region, are protected, and are emptied by no teardown", () => {
    for (const kind of KINDS) {
      const { inputs, protect } = named(home, "bucket:Bucket", kind);
      expect(inputs).to.include({
        bucket: `castle-production-${kind}-eu-west-1-111122223333`,
        forceDestroy: false,
      });
      expect(protect).to.equal(true);
    }
    expect(named(peer, "bucket:Bucket", "logs").inputs["bucket"]).to.equal(
      "castle-production-logs-eu-central-1-111122223333",
    );
  });

  it("keep versions, belong to the account whoever writes, and are never public", () => {
    for (const kind of KINDS) {
      expect(named(home, "bucketVersioning:BucketVersioning", kind).inputs).to.deep.include({
        versioningConfiguration: { status: "Enabled" },
      });
      expect(
        named(home, "bucketOwnershipControls:BucketOwnershipControls", kind).inputs["rule"],
      ).to.deep.equal({
        objectOwnership: "BucketOwnerEnforced",
      });
      expect(named(home, "bucketPublicAccessBlock:BucketPublicAccessBlock", kind).inputs).to.include({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
    }
  });

  for (const [kind, algorithm] of [
    ["archive", "aws:kms"],
    ["evidence", "aws:kms"],
    ["frontend", "AES256"],
    ["logs", "AES256"],
  ] as const)
    it(`encrypt the ${kind} with ${algorithm === "aws:kms" ? "the cell's key" : "S3's own keys, since its writers or readers take no other"}`, () => {
      const { inputs } = named(
        home,
        "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        kind,
      );
      const [rule] = inputs["rules"] as { applyServerSideEncryptionByDefault: Record<string, unknown> }[];
      expect(rule?.applyServerSideEncryptionByDefault).to.deep.equal({
        sseAlgorithm: algorithm,
        ...(algorithm === "aws:kms" ? { kmsMasterKeyId: keyOfTests.keyArn } : {}),
      });
    });

  it("lock evidence for as long as the profile says, in the one mode that nobody gets around", () => {
    expect(named(home, "bucket:Bucket", "evidence").inputs["objectLockEnabled"]).to.equal(true);
    const locks = home.ofType("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration");
    expect(locks.map(({ name }) => name)).to.deep.equal(["cell-evidence"]);
    expect(locks[0]?.inputs["rule"]).to.deep.equal({ defaultRetention: { mode: "COMPLIANCE", days: 2_555 } });
  });

  it("log who asked for what in the log bucket, which does not log itself", () => {
    const logged = home.ofType("aws:s3/bucketLogging:BucketLogging");
    expect(logged.map(({ name }) => name)).to.have.members([
      "cell-frontend",
      "cell-archive",
      "cell-evidence",
    ]);
    for (const { inputs } of logged)
      expect(inputs).to.include({ targetBucket: "castle-production-logs-eu-west-1-111122223333" });
  });

  it("end abandoned uploads and old versions", () => {
    for (const kind of KINDS) {
      const { inputs, dependencies } = named(
        home,
        "bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        kind,
      );
      const ids = (inputs["rules"] as { id: string }[]).map(({ id }) => id);
      expect(ids).to.include.members(["abandoned-uploads", "old-versions"]);
      expect(dependencies.join()).to.include("BucketVersioning");
    }
  });

  it("end no locked version's life before its lock", () => {
    const { inputs } = named(home, "bucketLifecycleConfiguration:BucketLifecycleConfiguration", "evidence");
    const rules = inputs["rules"] as {
      noncurrentVersionExpiration?: { noncurrentDays: number };
      expiration?: unknown;
    }[];
    for (const { noncurrentVersionExpiration, expiration } of rules) {
      expect(expiration).to.equal(undefined);
      if (noncurrentVersionExpiration) expect(noncurrentVersionExpiration.noncurrentDays).to.be.above(2_555);
    }
  });

  it("can be torn down with everything in them in a preview alone", async () => {
    const preview = await build(contextOf("dev"));
    for (const { inputs, protect } of preview.ofType("aws:s3/bucket:Bucket")) {
      expect(inputs["forceDestroy"]).to.equal(true);
      expect(protect).to.equal(false);
    }
    const { inputs } = preview.one("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration");
    expect(inputs["rule"]).to.deep.equal({ defaultRetention: { mode: "GOVERNANCE", days: 1 } });
  });

  it("are the same in both cells", () => {
    const shape = ({ all }: Recording) => all.map(({ type, name }) => `${type} ${name}`).sort();
    expect(shape(peer)).to.deep.equal(shape(home));
  });
});

describe("the replication of a cell's buckets", () => {
  const REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
  const rule = ({ inputs }: Recorded) => (inputs["rules"] as Record<string, unknown>[])[0] ?? {};
  let home: Recording;
  let peer: Recording;

  before(async () => {
    home = await build(contextOf("prd"));
    peer = await build(contextOf("dr"));
  });

  it("goes both ways, by the names of the other's buckets", () => {
    for (const [recording, from, to] of [
      [home, "eu-west-1", "eu-central-1"],
      [peer, "eu-central-1", "eu-west-1"],
    ] as const)
      for (const kind of ["frontend", "archive", "logs"]) {
        const config = recording.one(REPLICATION, `cell-replication-${kind}`);
        expect(config.inputs["bucket"]).to.equal(`castle-production-${kind}-${from}-111122223333`);
        expect(rule(config)).to.have.nested.property(
          "destination.bucket",
          `arn:aws:s3:::castle-production-${kind}-${to}-111122223333`,
        );
        expect(config.dependencies.join()).to.include("BucketVersioning");
      }
  });

  it("encrypts again with the peer's replica of the key what the cell's key encrypted", () => {
    const archive = rule(home.one(REPLICATION, "cell-replication-archive"));
    expect(archive).to.deep.include({
      sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
    });
    expect(archive).to.have.nested.property(
      "destination.encryptionConfiguration.replicaKmsKeyId",
      keyOfTests.keyArn.replace("eu-west-1", "eu-central-1"),
    );
    expect(rule(home.one(REPLICATION, "cell-replication-logs"))).not.to.have.property(
      "sourceSelectionCriteria",
    );
  });

  it("carries no deletion of what is kept to the other region", () => {
    for (const kind of ["archive", "logs"])
      expect(
        rule(home.one(REPLICATION, `cell-replication-${kind}`))["deleteMarkerReplication"],
      ).to.deep.equal({
        status: "Disabled",
      });
  });

  // A second version of a line is what `castle evidence verify --bucket` takes for somebody's attempt to replace it.
  it("leaves evidence alone, which runners send to each region themselves", () => {
    expect(JSON.stringify([home, peer].flatMap((it) => it.ofType(REPLICATION)))).not.to.include("evidence");
    expect(String(home.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"])).not.to.include("evidence");
  });

  it("acts by a role that reads here, writes there, and nothing else", () => {
    const statements = JSON.parse(String(home.one("aws:iam/rolePolicy:RolePolicy").inputs["policy"]))
      .Statement as {
      Action: string[];
      Resource: string[];
      Condition?: unknown;
    }[];
    // Copying takes nothing away: "s3:ReplicateDelete" puts delete markers, behind which versions stay.
    expect(statements.flatMap(({ Action }) => Action)).to.have.members([
      "s3:GetReplicationConfiguration",
      "s3:ListBucket",
      "s3:GetObjectVersionAcl",
      "s3:GetObjectVersionForReplication",
      "s3:GetObjectVersionTagging",
      "s3:ReplicateDelete",
      "s3:ReplicateObject",
      "s3:ReplicateTags",
      "kms:Decrypt",
      "kms:GenerateDataKey",
    ]);
    for (const { Action, Resource } of statements)
      for (const resource of Resource)
        expect(resource).to.match(
          Action.some((action) => action.startsWith("s3:Replicate"))
            ? /^arn:aws:s3:::castle-production-\w+-eu-central-1-/
            : /^arn:aws:(s3:::castle-production-\w+-eu-west-1-|kms:)/,
        );
    const encrypting = statements.filter(({ Action }) => Action.join().includes("kms:"));
    expect(encrypting.map(({ Action, Condition }) => [Action, Condition])).to.deep.equal([
      [["kms:Decrypt"], conditionOf("eu-west-1")],
      [["kms:GenerateDataKey"], conditionOf("eu-central-1")],
    ]);
    expect(
      JSON.parse(String(home.one("aws:iam/role:Role").inputs["assumeRolePolicy"])).Statement[0],
    ).to.deep.include({
      Principal: { Service: "s3.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
    });
  });

  it("is none while the cell stands alone", async () => {
    expect((await build(contextOf("stg"))).ofType(REPLICATION)).to.deep.equal([]);
  });
});

const conditionOf = (region: string) => {
  const arn = `arn:aws:s3:::castle-production-archive-${region}-111122223333`;
  return {
    StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` },
    StringLike: { "kms:EncryptionContext:aws:s3:arn": [arn, `${arn}/*`] },
  };
};
