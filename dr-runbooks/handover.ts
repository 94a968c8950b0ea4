import type { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import type { Witness } from "@castle/regions/witness/witness.ts";
import { EdgeEndpoint } from "./aws/edge-endpoint.ts";
import { GlobalCache } from "./aws/global-cache.ts";
import { GlobalDatabase } from "./aws/global-database.ts";
import { HandoverTopic } from "./aws/topic.ts";
import { Cell } from "./cells/cell.ts";
import type { AwsClients } from "./clients.ts";
import { type CellCluster, cellCluster } from "./kubernetes/cluster.ts";
import type { Exposure } from "./runbooks/exposure.ts";
import type { HandoverPlan } from "./runbooks/plan.ts";
import type { CellRegion, Target } from "./target.ts";

/** What the steps of a handover work on. */
export interface Handover {
  /** The execution's id, with which it signs the witness's record. */
  readonly id: string;
  readonly plan: HandoverPlan;
  /** The execution was begun before, by a run that did not finish it. */
  readonly resumed: boolean;
  readonly witness: Witness & Pick<DynamoWitness, "inspect">;
  /** Whether somebody agreed, and the run went on by that: see engine/approval.ts. */
  readonly isApproved: (approval: string) => boolean;
  /** What it may lose, measured now. Looks; never rejects but for the witness. */
  readonly exposure: () => Promise<Exposure>;
  /** The cell that loses the role. A failover touches nothing of it. */
  readonly from: HandoverCell;
  /** The cell that gets the role. */
  readonly to: HandoverCell;
}

/** One cell, and the parts of AWS seen from its region. */
export interface HandoverCell {
  readonly region: CellRegion;
  readonly cell: Cell;
  readonly clusterArn: string;
  readonly replicationGroupId: string;
  readonly globalDatabase: GlobalDatabase;
  readonly globalCache: GlobalCache;
  readonly endpoint: EdgeEndpoint;
  /** What runs the cell's services; null in a Castle whose target names no cluster. */
  readonly cluster: CellCluster | null;
  /** Where handovers to this cell are told; null in a Castle that has no topic for them. */
  readonly topic: HandoverTopic | null;
}

/** Each part of AWS is made, and its client loaded, when a step first works on it. */
export function handoverCell(target: Target, region: CellRegion, aws: AwsClients): HandoverCell {
  const { topicArn, ...own } = target.cells[region];
  const globalDatabase = once(() => new GlobalDatabase(aws.rds(region), target.globalClusterIdentifier));
  const globalCache = once(() => new GlobalCache(aws.cache(region), target.globalReplicationGroupId));
  const endpoint = once(() => new EdgeEndpoint(aws.accelerator(), own));
  const cluster = once(() => cellCluster(target, region, aws));
  const topic = once(() => (topicArn === undefined ? null : new HandoverTopic(aws.topics(region), topicArn)));
  return {
    region,
    cell: new Cell(region, target.cells[region]),
    clusterArn: own.clusterArn,
    replicationGroupId: own.replicationGroupId,
    get globalDatabase() {
      return globalDatabase();
    },
    get globalCache() {
      return globalCache();
    },
    get endpoint() {
      return endpoint();
    },
    get cluster() {
      return cluster();
    },
    get topic() {
      return topic();
    },
  };
}

/** The same thing every time, made the first time. */
function once<Thing>(make: () => Thing): () => Thing {
  let made: { readonly thing: Thing } | null = null;
  return () => {
    made ??= { thing: make() };
    return made.thing;
  };
}
