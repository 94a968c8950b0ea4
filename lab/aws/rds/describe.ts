import type { DBCluster, GlobalCluster, GlobalClusterMember } from "@aws-sdk/client-rds";
import type { RegionName } from "@castle/regions/catalogue.ts";
import type { DatabaseMember } from "../cells.ts";
import type { LabIdentifiers } from "../identifiers.ts";
import { type DatabaseHandover, writerOf } from "./handover.ts";
import { RETENTION_DAYS, type Snapshot } from "./snapshots.ts";

/** The SDK documents the status "switching-over" and leaves it out of its type. */
export type DescribedGlobalCluster = Omit<GlobalCluster, "FailoverState"> & {
  FailoverState?: Omit<NonNullable<GlobalCluster["FailoverState"]>, "Status"> & {
    Status: HandoverStatus;
  };
};

type HandoverStatus = "failing-over" | "switching-over";

const statusOf = ({ kind }: DatabaseHandover): HandoverStatus =>
  kind === "failover" ? "failing-over" : "switching-over";

/** What stands for Aurora in the lab answers to Aurora's name, and to its own server's version. */
const engine = "aurora-postgresql";

/** The global database as it is now. `FailoverState` is there while a handover is, and only then. */
export function describeGlobalCluster(
  members: readonly DatabaseMember[],
  underWay: DatabaseHandover | null,
  identifiers: LabIdentifiers,
): DescribedGlobalCluster {
  const arn = (region: RegionName) => identifiers.cell(region).clusterArn;
  return {
    GlobalClusterIdentifier: identifiers.globalClusterIdentifier,
    GlobalClusterArn: identifiers.globalClusterArn,
    Status: underWay ? statusOf(underWay) : "available",
    Engine: engine,
    EngineVersion: writerOf(members).engineVersion,
    StorageEncrypted: false,
    DeletionProtection: false,
    GlobalClusterMembers: members.map((member) => describeGlobalMember(member, members, identifiers)),
    ...(underWay && {
      FailoverState: {
        Status: statusOf(underWay),
        FromDbClusterArn: arn(underWay.from),
        ToDbClusterArn: arn(underWay.to),
        IsDataLossAllowed: underWay.kind === "failover",
      },
    }),
  };
}

function describeGlobalMember(
  member: DatabaseMember,
  members: readonly DatabaseMember[],
  identifiers: LabIdentifiers,
): GlobalClusterMember {
  const isWriter = member.role === "writer";
  const synchronization = synchronizationStatus(member);
  return {
    DBClusterArn: identifiers.cell(member.region).clusterArn,
    IsWriter: isWriter,
    Readers: isWriter ? readerArns(members, identifiers) : [],
    ...(!isWriter && { GlobalWriteForwardingStatus: "disabled" as const }),
    ...(synchronization && { SynchronizationStatus: synchronization }),
  };
}

/** Left out of the answer for a reader of which nothing is known: silence is neither of the two. */
function synchronizationStatus({ role, reachability, replicationLagMs }: DatabaseMember) {
  if (role === "writer") return "connected" as const;
  if (reachability === "unknown") return null;
  const streams = reachability === "reachable" && replicationLagMs !== null;
  return streams ? ("connected" as const) : ("pending-resync" as const);
}

/** One cell's cluster, as its own region describes it. */
export function describeCluster(
  member: DatabaseMember,
  {
    members,
    underWay,
    identifiers,
    snapshots,
  }: {
    readonly members: readonly DatabaseMember[];
    readonly underWay: DatabaseHandover | null;
    readonly identifiers: LabIdentifiers;
    /** The member's own. */
    readonly snapshots: readonly Snapshot[];
  },
): DBCluster {
  const cell = identifiers.cell(member.region);
  const isWriter = member.role === "writer";
  return {
    DBClusterIdentifier: cell.clusterIdentifier,
    DBClusterArn: cell.clusterArn,
    DbClusterResourceId: cell.clusterResourceId,
    GlobalClusterIdentifier: identifiers.globalClusterIdentifier,
    Status: clusterStatus(member, underWay),
    Engine: engine,
    EngineVersion: member.engineVersion,
    Endpoint: member.host,
    ReaderEndpoint: member.host,
    Port: member.port,
    EngineMode: "provisioned",
    BackupRetentionPeriod: RETENTION_DAYS,
    ...restorable(snapshots),
    DeletionProtection: false,
    MultiAZ: false,
    StorageEncrypted: false,
    DBClusterMembers: [
      { DBInstanceIdentifier: cell.instanceIdentifier, IsClusterWriter: isWriter, PromotionTier: 1 },
    ],
    ...(isWriter
      ? { ReadReplicaIdentifiers: readerArns(members, identifiers) }
      : { ReplicationSourceIdentifier: identifiers.cell(writerOf(members).region).clusterArn }),
  };
}

/** The lab can restore what its snapshots hold, and no moment between: it has no continuous backup as Aurora has. */
function restorable(
  snapshots: readonly Snapshot[],
): Pick<DBCluster, "EarliestRestorableTime" | "LatestRestorableTime"> {
  const times = snapshots
    .filter(({ status }) => status === "available")
    .map(({ createdAt }) => createdAt.getTime());
  if (times.length === 0) return {};
  return {
    EarliestRestorableTime: new Date(Math.min(...times)),
    LatestRestorableTime: new Date(Math.max(...times)),
  };
}

/** While its region takes over the writer's role a cluster is "promoting"; what the process does matters otherwise. */
const clusterStatus = (member: DatabaseMember, underWay: DatabaseHandover | null): string =>
  underWay?.to === member.region && member.role === "reader" ? "promoting" : member.status;

const readerArns = (members: readonly DatabaseMember[], identifiers: LabIdentifiers): string[] =>
  members.filter(({ role }) => role === "reader").map(({ region }) => identifiers.cell(region).clusterArn);
