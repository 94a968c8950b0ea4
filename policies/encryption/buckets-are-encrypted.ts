import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const bucketsAreEncrypted: ResourceRule = {
  about: "resource",
  name: "buckets-are-encrypted",
  area: "encryption",
  severity: "high",
  what: "What a bucket holds is encrypted by an algorithm that is named.",
  why: "Records, logs and evidence must be unreadable to whoever gets at the disks, and nobody should have to know a default.",
  remedy:
    "Give the bucket a BucketServerSideEncryptionConfiguration with aws:kms, or AES256 where AWS delivers logs that way alone.",
  enforcement: everywhere,
  controls: [
    control("pci", "3.6"),
    control("iso27001", "A.8.24"),
    control("soc2", "CC6.1"),
    control("nist", "PR.DS-01"),
    control("dora", "Art. 9(4)"),
  ],
  types: ["aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"],
  judge: (encryption) =>
    encryption.each("rules").flatMap((each) => {
      const found = each.text("applyServerSideEncryptionByDefault.sseAlgorithm") ?? "none";
      return ["aws:kms", "aws:kms:dsse", "AES256"].includes(found)
        ? []
        : [
            {
              resource: encryption,
              property: "rules.applyServerSideEncryptionByDefault.sseAlgorithm",
              found,
              wanted: "aws:kms or AES256",
            },
          ];
    }),
  examples: {
    passing: {
      type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      props: { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }] },
    },
    failing: {
      type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      props: { rules: [{ bucketKeyEnabled: true }] },
    },
  },
};
