import type { Misconfiguration } from "./misconfiguration.ts";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

export const hiddenSinglePointMistakes: readonly Misconfiguration[] = [
  {
    what: "An alarm of the peer is told in the home region",
    rule: "no-arn-of-the-other-region",
    seed: (_, peer) =>
      peer.one(ALARM).set("alarmActions", ["arn:aws:sns:eu-west-1:111122223333:castle-production"]),
  },
  {
    what: "Services of the peer are told of a database in the home region",
    rule: "no-endpoint-of-the-other-region",
    seed: (_, peer) =>
      peer.add(peer.one(BALANCER), "kubernetes:core/v1:ConfigMap", "seeded-settings", {
        data: { DATABASE: "castle.cluster-c0ffee.eu-west-1.rds.amazonaws.com" },
      }),
  },
  {
    what: "The peer's load balancer writes its access log in the home region",
    rule: "no-bucket-of-the-other-region",
    seed: (_, peer) =>
      peer.one(BALANCER).set("accessLogs.bucket", "castle-production-logs-eu-west-1-111122223333"),
  },
  {
    what: "The peer's journal is encrypted with a key of the home region alone",
    rule: "keys-named-by-arn-are-multi-region",
    seed: (_, peer) =>
      peer
        .one("aws:rds/instance:Instance")
        .set("kmsKeyId", "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0001-0002-0003-0a1b2c3d4e5f"),
  },
  {
    what: "The peer's stack has a resource in the home region",
    rule: "nothing-waits-for-the-other-region",
    seed: (_, peer) => {
      const provider = peer.one("pulumi:providers:aws", "accelerator").set("region", "eu-west-1");
      peer.one(ALARM).with({ provider: provider.resource.urn });
    },
  },
];
