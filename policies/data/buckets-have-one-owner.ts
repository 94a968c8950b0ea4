import { control } from "../frameworks.ts";
import { says } from "../judged/wants.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const bucketsHaveOneOwner: ResourceRule = {
  about: "resource",
  name: "buckets-have-one-owner",
  area: "data",
  severity: "medium",
  what: "What is put into a bucket belongs to the bucket's owner.",
  why: "Access by lists of each object is a second way in that no policy shows.",
  remedy: "Set rule.objectOwnership BucketOwnerEnforced.",
  enforcement: everywhere,
  controls: [control("iso27001", "A.8.3"), control("soc2", "CC6.1")],
  types: ["aws:s3/bucketOwnershipControls:BucketOwnershipControls"],
  judge: says("rule.objectOwnership", "BucketOwnerEnforced"),
  examples: {
    passing: {
      type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
      props: { rule: { objectOwnership: "BucketOwnerEnforced" } },
    },
    failing: {
      type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
      props: { rule: { objectOwnership: "ObjectWriter" } },
    },
  },
};
