import type { CellRegion, CellTarget, Target } from "@castle/dr-runbooks/target.ts";

const cell = (region: CellRegion): CellTarget => ({
  databaseUrl: "postgres://castle:secret@127.0.0.1:1/castle",
  journalUrl: "postgres://castle:secret@127.0.0.1:1/journal",
  redisUrl: "redis://127.0.0.1:1",
  clusterArn: `arn:aws:rds:${region}:123456789012:cluster:castle-${region}`,
  replicationGroupId: `castle-${region}`,
  endpointGroupArn: `arn:aws:globalaccelerator::123456789012:accelerator/a/listener/b/endpoint-group/${region}`,
  endpointId: `arn:aws:elasticloadbalancing:${region}:123456789012:loadbalancer/net/castle/c`,
});

/** A lab's target whose servers do not answer. */
export const labTarget = (change: Partial<Target> = {}): Target => ({
  kind: "lab",
  name: "a lab of the tests",
  awsEndpoint: "http://127.0.0.1:1",
  witness: { table: "castle-witness", region: "eu-west-3", endpoint: "http://127.0.0.1:1" },
  globalClusterIdentifier: "castle",
  globalReplicationGroupId: "castle",
  cells: {
    "eu-west-1": cell("eu-west-1"),
    "eu-central-1": cell("eu-central-1"),
  },
  runsFolder: "/nowhere",
  ...change,
});
