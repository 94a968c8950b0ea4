import type { CellRegion } from "@castle/regions/catalogue.ts";
import * as aws from "@pulumi/aws";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  type Output,
  output,
  type Resource,
} from "@pulumi/pulumi";
import type { BucketKind } from "../../names.ts";
import { assumedByService, policyDocument, type Statement } from "../../policy-document.ts";
import type { CellContext } from "../context.ts";
import { keyIn } from "../keys/key-in.ts";
import type { KeyPart } from "../parts.ts";
import type { BucketPlan } from "./bucket-kinds.ts";

/** A bucket that S3 copies to the peer's of the same kind. */
export interface Replicated {
  readonly kind: BucketKind;
  readonly plan: BucketPlan;
  readonly deletions: boolean;
  readonly bucket: Input<string>;
  /** S3 refuses to replicate a bucket without versions. */
  readonly versioned: Resource;
}

export interface ReplicationArgs {
  readonly context: CellContext;
  readonly keys: KeyPart;
  readonly peer: CellRegion;
  readonly buckets: readonly Replicated[];
}

/**
 * Copies what is written in this region's buckets to the peer's, each cell its own, so both ways: S3 never copies a copy.
 * Buckets of the peer are known by name, so neither stack asks the other; they have to stand before, as
 * docs/operations.md has it.
 */
export class Replication extends ComponentResource {
  constructor(name: string, args: ReplicationArgs, opts?: ComponentResourceOptions) {
    super("castle:cell:Replication", name, {}, opts);
    const { context, keys, peer, buckets } = args;
    const { names, region, settings } = context;
    const keyThere = output(keys.keyArn).apply((arn) => keyIn(peer, arn));
    const here = (kind: BucketKind) => `arn:aws:s3:::${names.bucket(kind, settings.region)}`;
    const there = (kind: BucketKind) => `arn:aws:s3:::${names.bucket(kind, peer)}`;

    const role = new aws.iam.Role(
      name,
      {
        description: `Lets S3 copy from ${region.name} to ${peer}`,
        assumeRolePolicy: assumedByService("s3.amazonaws.com", settings.account),
      },
      { parent: this },
    );
    const encrypted = buckets.filter(({ plan }) => plan.encryption.by === "kms");
    const policy = new aws.iam.RolePolicy(
      name,
      {
        role: role.id,
        policy: keysOf(keys, keyThere).apply(([from, to]) =>
          policyDocument([
            ...copies(
              buckets.map(({ kind }) => here(kind)),
              buckets.map(({ kind }) => there(kind)),
            ),
            ...reencrypts(
              { key: from, region: region.name, buckets: encrypted.map(({ kind }) => here(kind)) },
              { key: to, region: peer, buckets: encrypted.map(({ kind }) => there(kind)) },
            ),
          ]),
        ),
      },
      { parent: this },
    );
    for (const { kind, plan, deletions, bucket, versioned } of buckets)
      new aws.s3.BucketReplicationConfig(
        `${name}-${kind}`,
        {
          bucket,
          role: role.arn,
          rules: [
            {
              id: "to-the-peer",
              status: "Enabled",
              priority: 0,
              filter: {},
              deleteMarkerReplication: { status: deletions ? "Enabled" : "Disabled" },
              ...(plan.encryption.by === "kms"
                ? { sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } } }
                : {}),
              destination: {
                bucket: there(kind),
                metrics: { status: "Enabled", eventThreshold: { minutes: 15 } },
                replicationTime: { status: "Enabled", time: { minutes: 15 } },
                ...(plan.encryption.by === "kms"
                  ? { encryptionConfiguration: { replicaKmsKeyId: keyThere } }
                  : {}),
              },
            },
          ],
        },
        { parent: this, dependsOn: [versioned, policy] },
      );
    this.registerOutputs({ roleArn: role.arn });
  }
}

const keysOf = (keys: KeyPart, there: Output<string>): Output<[string, string]> =>
  output(keys.keyArn).apply((from) => there.apply((to): [string, string] => [from, to]));

const copies = (from: readonly string[], to: readonly string[]): Statement[] => [
  {
    Sid: "SeeWhatToCopy",
    Effect: "Allow",
    Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
    Resource: from,
  },
  {
    Sid: "ReadVersions",
    Effect: "Allow",
    Action: ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"],
    Resource: from.map((arn) => `${arn}/*`),
  },
  {
    Sid: "WriteCopies",
    Effect: "Allow",
    Action: ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
    Resource: to.map((arn) => `${arn}/*`),
  },
];

interface KeyUse {
  readonly key: string;
  readonly region: string;
  readonly buckets: readonly string[];
}

/** Each key through its own region's S3, and for these buckets: with bucket keys, the bucket is the encryption context. */
const reencrypts = (from: KeyUse, to: KeyUse): Statement[] =>
  from.buckets.length === 0
    ? []
    : [useKey("OpenWhatIsCopied", "kms:Decrypt", from), useKey("EncryptCopies", "kms:GenerateDataKey", to)];

const useKey = (sid: string, action: string, { key, region, buckets }: KeyUse): Statement => ({
  Sid: sid,
  Effect: "Allow",
  Action: [action],
  Resource: [key],
  Condition: {
    StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` },
    StringLike: { "kms:EncryptionContext:aws:s3:arn": buckets.flatMap((arn) => [arn, `${arn}/*`]) },
  },
});
