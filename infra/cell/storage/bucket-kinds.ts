import type { BucketKind } from "../../names.ts";
import type { Profile } from "../../settings/profiles.ts";

/** How a kind of bucket is kept. */
export interface BucketPlan {
  /** `kms`: the cell's key. `s3`: S3's own keys, with the reason why it cannot be the cell's. */
  readonly encryption: { readonly by: "kms" } | { readonly by: "s3"; readonly because: string };
  /** Every version is locked for so many days; null: not locked. */
  readonly lock: { readonly mode: "COMPLIANCE" | "GOVERNANCE"; readonly days: number } | null;
  /** Whether S3 copies it to the peer's bucket; whether a deletion here is one there. */
  readonly replication: { readonly deletions: boolean } | { readonly none: string };
  readonly lifecycle: Lifecycle;
}

/** In days; null: never. */
export interface Lifecycle {
  readonly coldAfter: number | null;
  readonly expireAfter: number | null;
  /** Versions that another one, or a deletion, has taken the place of. */
  readonly forgetOldVersionsAfter: number;
}

/** How each kind of bucket is kept in an environment. Pure. */
export function bucketPlans({ keep, protectData }: Profile): Readonly<Record<BucketKind, BucketPlan>> {
  return {
    frontend: {
      // The portal's pages, as browsers get them through CloudFront.
      encryption: {
        by: "s3",
        because:
          "pages are for everybody, and CloudFront would have to be named in the key's policy, which the peer's stack cannot",
      },
      lock: null,
      replication: { deletions: true },
      lifecycle: { coldAfter: null, expireAfter: null, forgetOldVersionsAfter: 90 },
    },
    archive: {
      // Exports and old orders, for as long as somebody may ask for them.
      encryption: { by: "kms" },
      lock: null,
      // What is deleted in one region stays in the other: no mistake, and no thief, empties both.
      replication: { deletions: false },
      lifecycle: { coldAfter: 90, expireAfter: null, forgetOldVersionsAfter: Math.max(keep.logDays, 30) },
    },
    evidence: {
      // Records of executions, as auditors get them.
      encryption: { by: "kms" },
      // What dr-runbooks vouches for: in compliance mode nobody, the account's root user included, removes a version before
      // its time. Nor can a preview be torn down then, which is why it has the other mode.
      lock: { mode: protectData ? "COMPLIANCE" : "GOVERNANCE", days: keep.evidenceDays },
      replication: {
        none: "runners send every record to each region themselves, and a second version of a line would look like one that somebody wanted to replace",
      },
      lifecycle: { coldAfter: null, expireAfter: null, forgetOldVersionsAfter: keep.evidenceDays + 1 },
    },
    logs: {
      // What AWS writes of its own: load balancers, accelerator, other buckets.
      encryption: {
        by: "s3",
        because: "load balancers and S3's access logs write to buckets with S3's own keys alone",
      },
      lock: null,
      replication: { deletions: false },
      lifecycle: { coldAfter: null, expireAfter: keep.logDays, forgetOldVersionsAfter: 7 },
    },
  };
}
