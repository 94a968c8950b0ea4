import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const bucketsRefuseThePublic: ResourceRule = {
  about: "resource",
  name: "buckets-refuse-the-public",
  area: "data",
  severity: "critical",
  what: "A bucket refuses every kind of public access.",
  why: "One policy or list written in haste has made more data public than any attack.",
  remedy: "Give the bucket a BucketPublicAccessBlock with all four settings on.",
  enforcement: everywhere,
  controls: [
    control("pci", "1.4"),
    control("cis-aws", "2.1.4"),
    control("iso27001", "A.8.3"),
    control("soc2", "CC6.1"),
    control("nist", "PR.AA-05"),
  ],
  types: ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"],
  judge: (block) =>
    (["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const)
      .filter((property) => block.value(property) !== true)
      .map((property) => ({ resource: block, property, found: "off", wanted: "on" })),
  examples: {
    passing: {
      type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      props: {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
    },
    failing: {
      type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      props: { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true },
    },
  },
};
