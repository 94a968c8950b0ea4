import { control } from "../frameworks.ts";
import { says } from "../judged/wants.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const bucketsKeepVersions: ResourceRule = {
  about: "resource",
  name: "buckets-keep-versions",
  area: "data",
  severity: "high",
  what: "A bucket keeps what was overwritten or deleted.",
  why: "It is the way back from a mistake, and what replication and Object Lock stand on.",
  remedy: "Set versioningConfiguration.status Enabled.",
  enforcement: everywhere,
  controls: [control("iso27001", "A.8.13"), control("soc2", "A1.2"), control("dora", "Art. 12(1)")],
  types: ["aws:s3/bucketVersioning:BucketVersioning"],
  judge: says("versioningConfiguration.status", "Enabled"),
  examples: {
    passing: {
      type: "aws:s3/bucketVersioning:BucketVersioning",
      props: { versioningConfiguration: { status: "Enabled" } },
    },
    failing: {
      type: "aws:s3/bucketVersioning:BucketVersioning",
      props: { versioningConfiguration: { status: "Suspended" } },
    },
  },
};
