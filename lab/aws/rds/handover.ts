import {
  DBClusterNotFoundFault$,
  GlobalClusterNotFoundFault$,
  InvalidDBClusterStateFault$,
  InvalidGlobalClusterStateFault$,
} from "@aws-sdk/client-rds";
import { cellRegions, type RegionName } from "@castle/regions/catalogue.ts";
import type { DatabaseMember } from "../cells.ts";
import { clientFault, modelledFault } from "../fault.ts";
import type { LabIdentifiers } from "../identifiers.ts";

/** A change of the global database's writer, from the call that asks for it until the real promotion is done. */
export interface DatabaseHandover {
  readonly kind: "failover" | "switchover";
  readonly from: RegionName;
  readonly to: RegionName;
}

export interface HandoverRequest {
  readonly kind: DatabaseHandover["kind"];
  readonly globalCluster: string;
  /** ARN of the secondary to promote; its bare identifier will do in its own region. */
  readonly target: string;
  /** The region the call was signed for. */
  readonly calledIn: string;
}

/**
 * FailoverGlobalCluster's two flags. With neither it is a switchover, as AWS documents.
 * @throws AwsFault when both are set.
 */
export function handoverKind(flags: {
  readonly AllowDataLoss?: boolean | undefined;
  readonly Switchover?: boolean | undefined;
}): DatabaseHandover["kind"] {
  if (flags.AllowDataLoss && flags.Switchover)
    throw clientFault(
      "InvalidParameterCombination",
      "AllowDataLoss and Switchover can't be specified together: choose a failover or a switchover",
    );
  return flags.AllowDataLoss ? "failover" : "switchover";
}

/**
 * Decides whether a handover may start now, by the rules of Aurora global databases: a failover is called in the region
 * of the secondary and needs nothing of the writer; a switchover is called in the region of the writer and needs both.
 * AWS documents these regions, and not the error for a call in another; the lab answers InvalidGlobalClusterStateFault.
 *
 * @throws AwsFault that names what stands against it.
 */
export function requireHandover(
  request: HandoverRequest,
  members: readonly DatabaseMember[],
  underWay: DatabaseHandover | null,
  identifiers: LabIdentifiers,
): DatabaseHandover {
  requireGlobalCluster(request.globalCluster, identifiers);
  const target = targetMember(request, members, identifiers);
  if (underWay)
    throw modelledFault(
      InvalidGlobalClusterStateFault$,
      `global cluster ${identifiers.globalClusterIdentifier} is in a ${underWay.kind} to ${underWay.to}; ` +
        "wait until it is available",
    );

  const writer = writerOf(members);
  if (target.role === "writer")
    throw modelledFault(
      InvalidGlobalClusterStateFault$,
      `${identifiers.cell(target.region).clusterArn} is the writer already`,
    );
  const home = request.kind === "failover" ? target : writer;
  if (request.calledIn !== home.region)
    throw modelledFault(
      InvalidGlobalClusterStateFault$,
      `a ${request.kind} must be called in the region of the ${home.role}, ${home.region}, not in ${request.calledIn}`,
    );

  requireUsable(target, identifiers);
  if (request.kind === "switchover") {
    requireUsable(writer, identifiers);
    if (target.reachability === "reachable" && target.replicationLagMs === null)
      throw modelledFault(
        InvalidGlobalClusterStateFault$,
        `${identifiers.cell(target.region).clusterArn} is not synchronized with the writer; only a failover is possible`,
      );
  }
  return { kind: request.kind, from: writer.region, to: target.region };
}

/** Identifiers of global clusters and clusters are not case-sensitive. */
export const sameIdentifier = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** @throws AwsFault GlobalClusterNotFoundFault */
export function requireGlobalCluster(identifier: string, identifiers: LabIdentifiers): void {
  if (!sameIdentifier(identifier, identifiers.globalClusterIdentifier))
    throw modelledFault(GlobalClusterNotFoundFault$, `Global cluster ${identifier} not found`);
}

/** The region whose cluster has this ARN, or this bare identifier when the call is in the cluster's own region. */
export function regionOfCluster(
  cluster: string,
  calledIn: string,
  identifiers: LabIdentifiers,
): RegionName | undefined {
  return cellRegions.find((region) => {
    const { clusterArn, clusterIdentifier } = identifiers.cell(region);
    const bare = region === calledIn && sameIdentifier(cluster, clusterIdentifier);
    return bare || sameIdentifier(cluster, clusterArn);
  });
}

export function writerOf(members: readonly DatabaseMember[]): DatabaseMember {
  const [writer, ...more] = members.filter(({ role }) => role === "writer");
  if (!writer || more.length > 0)
    throw new Error(
      `exactly one database member must be the writer, the lab lists ${more.length + (writer ? 1 : 0)}`,
    );
  return writer;
}

function targetMember(
  { target, calledIn }: HandoverRequest,
  members: readonly DatabaseMember[],
  identifiers: LabIdentifiers,
): DatabaseMember {
  const region = regionOfCluster(target, calledIn, identifiers);
  const member = members.find((known) => known.region === region);
  if (!member) throw modelledFault(DBClusterNotFoundFault$, `DBCluster ${target} not found`);
  return member;
}

/** One of which nothing is known may do: the change itself finds out, and leaves the roles when it does not. */
function requireUsable(member: DatabaseMember, identifiers: LabIdentifiers): void {
  if (member.status === "available" && member.reachability !== "unreachable") return;
  const state = member.status === "available" ? "not reachable" : member.status;
  throw modelledFault(
    InvalidDBClusterStateFault$,
    `${identifiers.cell(member.region).clusterArn} is ${state}, it must be available`,
  );
}
