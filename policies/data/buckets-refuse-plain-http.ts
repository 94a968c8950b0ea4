import { control } from "../frameworks.ts";
import { statementsIn } from "../judged/statements.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const bucketsRefusePlainHttp: ResourceRule = {
  about: "resource",
  name: "buckets-refuse-plain-http",
  area: "data",
  severity: "high",
  what: "A bucket refuses requests without TLS.",
  why: "Evidence and archives cross networks on their way to it.",
  remedy: "Deny every action in the bucket's policy where aws:SecureTransport is false.",
  enforcement: everywhere,
  controls: [
    control("pci", "4.2"),
    control("iso27001", "A.8.24"),
    control("soc2", "CC6.7"),
    control("nist", "PR.DS-02"),
    control("dora", "Art. 9(2)"),
    control("cis-aws", "2.1.1"),
  ],
  types: ["aws:s3/bucketPolicy:BucketPolicy"],
  judge: (bucket) => {
    const statements = statementsIn(bucket.value("policy"));
    const denies = statements.some(
      ({ Effect, Condition }) =>
        Effect === "Deny" && JSON.stringify(Condition ?? {}).includes("aws:SecureTransport"),
    );
    return denies
      ? []
      : [
          {
            resource: bucket,
            property: "policy",
            found: "plain HTTP is allowed",
            wanted: "a Deny on aws:SecureTransport false",
          },
        ];
  },
  examples: {
    passing: {
      type: "aws:s3/bucketPolicy:BucketPolicy",
      props: {
        policy: JSON.stringify({
          Statement: [{ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }],
        }),
      },
    },
    failing: {
      type: "aws:s3/bucketPolicy:BucketPolicy",
      props: { policy: JSON.stringify({ Statement: [{ Effect: "Allow" }] }) },
    },
  },
};
