import {
  DBClusterNotFoundFault$,
  DescribeDBClusters$,
  type DescribeDBClustersMessage,
  DescribeGlobalClusters$,
  type DescribeGlobalClustersMessage,
  FailoverGlobalCluster$,
  type FailoverGlobalClusterMessage,
  SwitchoverGlobalCluster$,
  type SwitchoverGlobalClusterMessage,
} from "@aws-sdk/client-rds";
import { regionNames } from "@castle/regions/catalogue.ts";
import { ChangeUnderWay } from "../change-under-way.ts";
import { awsFailed, clientFault, modelledFault, rateExceeded } from "../fault.ts";
import { type PageRequest, pageOf } from "../paginate.ts";
import { type AwsService, type Call, operation, type ServiceParts } from "../service.ts";
import { queryProtocol } from "../wire/query.ts";
import { describeCluster, describeGlobalCluster } from "./describe.ts";
import { filtered } from "./filters.ts";
import {
  type DatabaseHandover,
  type HandoverRequest,
  handoverKind,
  regionOfCluster,
  requireGlobalCluster,
  requireHandover,
} from "./handover.ts";
import { describeRestored, restoreOperations } from "./restore-operations.ts";
import { snapshotOperations } from "./snapshot-operations.ts";

const pageLimits = { MaxRecords: { min: 20, max: 100 } };

/**
 * RDS, over the PostgreSQL servers of the two cells. A handover is answered at once; describes show it until the real
 * promotion is done.
 */
export function rds(parts: ServiceParts): AwsService {
  const { cells, identifiers, observe, pace, snapshots, restores } = parts;
  const handover = new ChangeUnderWay<DatabaseHandover>();
  const readMembers = () => cells.databaseMembers();

  const begin = (request: HandoverRequest) =>
    handover.with(readMembers, (members, underWay) => {
      const change = requireHandover(request, members, underWay, identifiers);
      const promote = async () => {
        const isFailover = change.kind === "failover";
        await pace.take(isFailover ? "FailoverGlobalCluster" : "SwitchoverGlobalCluster");
        await (isFailover ? cells.failoverDatabase(change.to) : cells.switchoverDatabase(change.to));
      };
      handover.begin(change, promote, (failure) =>
        observe({ kind: "change-ended", change: `database-${change.kind}`, to: change.to, failure }),
      );
      return { GlobalCluster: describeGlobalCluster(members, change, identifiers) };
    });

  /** A global cluster is seen from every region, also from one without a member of it. */
  const describeGlobalClusters = (input: DescribeGlobalClustersMessage) =>
    handover.with(readMembers, (members, underWay) => {
      if (input.GlobalClusterIdentifier !== undefined)
        requireGlobalCluster(input.GlobalClusterIdentifier, identifiers);
      const clusters = filtered([describeGlobalCluster(members, underWay, identifiers)], input.Filters, {
        region: () => members.map(({ region }) => region),
      });
      const { items, ...rest } = requirePage(clusters, ({ GlobalClusterIdentifier: id = "" }) => id, input);
      return { GlobalClusters: items, ...rest };
    });

  /** A cluster is seen from its own region only. */
  const describeDbClusters = (input: DescribeDBClustersMessage, { region }: Call) =>
    handover.with(readMembers, (members, underWay) => {
      const wanted = input.DBClusterIdentifier;
      const restored = restores
        .in(region)
        .map((cluster) =>
          describeRestored(cluster, (name) => `arn:aws:rds:${region}:${identifiers.account}:cluster:${name}`),
        );
      const named = restored.find(
        (cluster) => cluster.DBClusterIdentifier === wanted?.toLowerCase() || cluster.DBClusterArn === wanted,
      );
      if (named) return { DBClusters: [named] };
      if (wanted !== undefined && regionOfCluster(wanted, region, identifiers) !== region)
        throw modelledFault(DBClusterNotFoundFault$, `DBCluster ${wanted} not found in ${region}`);

      const here = members
        .filter((member) => member.region === region)
        .map((member) =>
          describeCluster(member, { members, underWay, identifiers, snapshots: snapshots.in(member.region) }),
        );
      const all = wanted === undefined ? [...here, ...restored] : here;
      const clusters = filtered(all, input.Filters, {
        "db-cluster-id": ({ DBClusterIdentifier, DBClusterArn }) => [DBClusterIdentifier, DBClusterArn],
        "db-cluster-resource-id": ({ DbClusterResourceId }) => [DbClusterResourceId],
        engine: ({ Engine }) => [Engine],
      });
      const { items, ...rest } = requirePage(clusters, ({ DBClusterIdentifier: id = "" }) => id, input);
      return { DBClusters: items, ...rest };
    });

  return {
    signingName: "rds",
    regions: regionNames,
    failures: { throttled: rateExceeded, internal: awsFailed },
    protocol: queryProtocol({
      version: "2014-10-31",
      xmlNamespace: "http://rds.amazonaws.com/doc/2014-10-31/",
    }),
    operations: [
      operation<DescribeGlobalClustersMessage>(DescribeGlobalClusters$, describeGlobalClusters, pageLimits),
      operation<DescribeDBClustersMessage>(DescribeDBClusters$, describeDbClusters, pageLimits),
      ...snapshotOperations(parts),
      ...restoreOperations(parts),
      operation<FailoverGlobalClusterMessage>(FailoverGlobalCluster$, async (input, { region }) =>
        begin({ kind: handoverKind(input), ...named(input), calledIn: region }),
      ),
      operation<SwitchoverGlobalClusterMessage>(SwitchoverGlobalCluster$, (input, { region }) =>
        begin({ kind: "switchover", ...named(input), calledIn: region }),
      ),
    ],
  };
}

/** The model requires both, and the protocol has checked it; the SDK's types alone still say undefined. */
const named = (input: SwitchoverGlobalClusterMessage) => ({
  globalCluster: input.GlobalClusterIdentifier ?? "",
  target: input.TargetDbClusterIdentifier ?? "",
});

/** @returns the page's items, and `Marker` when there is another. */
function requirePage<Item>(items: readonly Item[], keyOf: (item: Item) => string, request: PageRequest) {
  const page = pageOf(items, keyOf, request);
  if (page === null) throw clientFault("InvalidParameterValue", `Invalid marker: ${request.Marker}`);
  return page;
}
