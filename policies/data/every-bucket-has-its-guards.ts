import { control } from "../frameworks.ts";
import { everywhere, type StackRule } from "../rule.ts";

const guards = [
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketPolicy:BucketPolicy",
];

const nameOf = (type: string): string => type.slice(type.lastIndexOf(":") + 1);

export const everyBucketHasItsGuards: StackRule = {
  about: "stack",
  name: "every-bucket-has-its-guards",
  area: "data",
  severity: "high",
  what: "Every bucket has its block of public access, its versions, its encryption and its policy.",
  why: "A bucket that was added later and forgotten is the one that leaks.",
  remedy: "Give the bucket each of the four resources.",
  enforcement: everywhere,
  controls: [control("cis-aws", "2.1.4"), control("iso27001", "A.8.9"), control("soc2", "CC6.1")],
  judge: (stack) => {
    const buckets = stack.ofType("aws:s3/bucket:Bucket");
    return guards.flatMap((type) => {
      const missing = buckets.length - stack.ofType(type).length;
      const [bucket] = buckets;
      return bucket && missing > 0
        ? [
            {
              resource: bucket,
              property: nameOf(type),
              found: `${missing} missing for ${buckets.length} buckets`,
              wanted: "one for each bucket",
            },
          ]
        : [];
    });
  },
  examples: {
    passing: [{ type: "aws:s3/bucket:Bucket", props: {} }, ...guards.map((type) => ({ type, props: {} }))],
    failing: [
      { type: "aws:s3/bucket:Bucket", props: {} },
      ...guards.slice(1).map((type) => ({ type, props: {} })),
    ],
  },
};
