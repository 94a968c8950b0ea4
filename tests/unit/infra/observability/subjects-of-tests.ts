import type { Subjects } from "../../../../infra/cell/observability/subjects.ts";

/** What a cell of production watches, with the names that only AWS can tell made up. */
export const subjects: Subjects<string> = {
  prefix: "castle-production",
  region: "eu-west-1",
  paired: true,
  clusterIdentifier: "castle-production-database",
  journal: { identifier: "castle-production-journal", storageGiB: 200 },
  cache: { replicationGroupId: "castle-production-eu-west-1", nodes: 3 },
  loadBalancer: "app/castle-production/1",
  targetGroups: { "order-gateway": "targetgroup/order-/1", "market-data": "targetgroup/market/2" },
  certificateArn: "arn:aws:acm:eu-west-1:111122223333:certificate/1",
};
