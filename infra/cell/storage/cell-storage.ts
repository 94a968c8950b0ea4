import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { BucketKind } from "../../names.ts";
import type { CellContext } from "../context.ts";
import type { KeyPart, StoragePart } from "../parts.ts";
import { bucketPlans } from "./bucket-kinds.ts";
import { KeptBucket } from "./kept-bucket.ts";
import { logPrefixes } from "./log-prefixes.ts";
import { type Replicated, Replication } from "./replication.ts";

export interface CellStorageArgs {
  readonly context: CellContext;
  readonly keys: KeyPart;
}

/** A cell's buckets, each kept as bucketPlans says, and copied to the peer's where there is one. */
export class CellStorage extends ComponentResource implements StoragePart {
  readonly buckets: StoragePart["buckets"];

  constructor(name: string, { context, keys }: CellStorageArgs, opts?: ComponentResourceOptions) {
    super("castle:cell:CellStorage", name, {}, opts);
    const plans = bucketPlans(context.settings.profile);
    const make = (kind: BucketKind) =>
      new KeptBucket(`${name}-${kind}`, { context, keys, kind, plan: plans[kind] }, { parent: this });

    const kept = {
      logs: make("logs"),
      frontend: make("frontend"),
      archive: make("archive"),
      evidence: make("evidence"),
    };
    for (const kind of ["frontend", "archive", "evidence"] as const)
      new aws.s3.BucketLogging(
        `${name}-${kind}`,
        {
          bucket: kept[kind].bucketName,
          targetBucket: kept.logs.bucketName,
          targetPrefix: `${logPrefixes.buckets}/${kind}/`,
        },
        { parent: this },
      );
    if (context.settings.peer)
      new Replication(
        `${name}-replication`,
        {
          context,
          keys,
          peer: context.settings.peer.region,
          buckets: (Object.keys(kept) as BucketKind[]).flatMap((kind): Replicated[] => {
            const { replication } = plans[kind];
            const { bucketName: bucket, versioning: versioned } = kept[kind];
            return "deletions" in replication
              ? [{ kind, plan: plans[kind], deletions: replication.deletions, bucket, versioned }]
              : [];
          }),
        },
        { parent: this },
      );

    const told = ({ bucketName, arn }: KeptBucket) => ({ name: bucketName, arn });
    this.buckets = {
      logs: told(kept.logs),
      frontend: told(kept.frontend),
      archive: told(kept.archive),
      evidence: told(kept.evidence),
    };
    this.registerOutputs({});
  }
}
