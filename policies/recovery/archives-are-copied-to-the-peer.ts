import { peerOf } from "@castle/regions/catalogue.ts";
import { control } from "../frameworks.ts";
import { exceptPreview, type StackRule } from "../rule.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";

/** What is written in one region alone; evidence is not among it, since a runner ships it to both. */
const COPIED = ["archive", "frontend", "logs"];

export const archivesAreCopiedToThePeer: StackRule = {
  about: "stack",
  name: "archives-are-copied-to-the-peer",
  area: "recovery",
  severity: "high",
  what: "The buckets for archive, frontend and logs copy each object to the other cell's bucket.",
  why: "What only one region holds is lost with it, and a trader's page must come from the one that is left.",
  remedy: "Give the bucket a replication rule, enabled, to the bucket of its kind in the other region.",
  enforcement: exceptPreview,
  controls: [
    control("dora", "Art. 12(2)"),
    control("iso22301", "8.3"),
    control("iso27001", "A.8.13"),
    control("iso27001", "A.8.14"),
    control("soc2", "A1.2"),
  ],
  judge: (stack, { region, peer }) => {
    const to = peerOf(region);
    const kept = stack
      .ofType(BUCKET)
      .filter((bucket) => COPIED.some((kind) => bucket.text("bucket")?.includes(`-${kind}-`)));
    if (!peer) return [];
    return stack.judgeEach(kept, (bucket) => {
      const copies = stack
        .ofType(REPLICATION)
        .filter((each) => each.text("bucket") === bucket.text("bucket"))
        .flatMap((each) => each.each("rules"))
        .some((rule) => rule.text("status") === "Enabled" && rule.text("destination.bucket")?.includes(to));
      return copies ? [] : [{ resource: bucket, property: "replication", found: "none", wanted: `to ${to}` }];
    });
  },
  examples: {
    passing: [
      { type: BUCKET, props: { bucket: "castle-archive-eu-west-1" } },
      {
        type: REPLICATION,
        props: {
          bucket: "castle-archive-eu-west-1",
          rules: [{ status: "Enabled", destination: { bucket: "arn:aws:s3:::castle-archive-eu-central-1" } }],
        },
      },
    ],
    failing: [{ type: BUCKET, props: { bucket: "castle-archive-eu-west-1" } }],
  },
};
