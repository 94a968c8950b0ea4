import type { CellRegion } from "@castle/regions/catalogue.ts";

const ACCOUNT = "123456789012";

const cell = (region: CellRegion, account = ACCOUNT) => ({
  region,
  account,
  database: {
    clusterArn: `arn:aws:rds:${region}:${account}:cluster:castle-${region}`,
    endpoint: `castle.cluster-abc.${region}.rds.amazonaws.com`,
    readerEndpoint: `castle.cluster-ro-abc.${region}.rds.amazonaws.com`,
    secret: "castle/operator/database",
  },
  journal: {
    endpoint: `journal.abc.${region}.rds.amazonaws.com`,
    secret: `castle/operator/journal-${region}`,
  },
  cache: {
    replicationGroupId: `castle-${region}`,
    endpoint: `master.castle.abc.${region}.cache.amazonaws.com`,
    secret: "castle/operator/cache",
  },
  edge: {
    endpointGroupArn: `arn:aws:globalaccelerator::${account}:accelerator/a/listener/l/endpoint-group/${region}`,
    endpointId: `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/net/castle/1`,
  },
  cluster: { name: `castle-${region}` },
  evidenceBucket: `castle-evidence-${region}`,
});

/** What the two stacks of a Castle export, as Pulumi tells it. */
export const stacksOfTests = (account = ACCOUNT): Record<"prd" | "dr", Record<string, unknown>> => ({
  prd: {
    ...cell("eu-west-1", account),
    peerStack: "dr",
    globalClusterIdentifier: "castle",
    globalReplicationGroupId: "abcde-castle",
    witnessTableArn: `arn:aws:dynamodb:eu-west-3:${account}:table/castle-witness`,
    repositories: ["castle/order-gateway"],
    secrets: ["castle/seal-key"],
    quotas: [{ serviceCode: "rds", quotaCode: "L-952B80B8", least: 1 }],
    evidenceRetentionDays: 2_555,
    objectives: { recoveryTimeSeconds: 300, recoveryPointCommands: 0 },
    certificates: ["trade.example.com"],
    // A stack exports what others need as well.
    vpcId: "vpc-1",
  },
  dr: cell("eu-central-1", account),
});
