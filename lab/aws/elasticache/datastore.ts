import {
  type GlobalReplicationGroup,
  GlobalReplicationGroupNotFoundFault$,
  InvalidGlobalReplicationGroupStateFault$,
  InvalidParameterValueException$,
} from "@aws-sdk/client-elasticache";
import type { RegionName } from "@castle/regions/catalogue.ts";
import type { CacheMember } from "../cells.ts";
import { modelledFault } from "../fault.ts";
import type { LabIdentifiers } from "../identifiers.ts";

/** A change of the global datastore's primary, from the call that asks for it until the real promotion is done. */
export interface CacheFailover {
  readonly to: RegionName;
}

export interface CacheFailoverRequest {
  readonly datastore: string;
  readonly primaryRegion: string;
  readonly primaryReplicationGroup: string;
}

/**
 * Decides whether the primary may change now. It may be called from any region with a member, and needs nothing of the
 * old primary.
 *
 * @throws AwsFault that names what stands against it.
 */
export function requireCacheFailover(
  request: CacheFailoverRequest,
  members: readonly CacheMember[],
  underWay: CacheFailover | null,
  identifiers: LabIdentifiers,
): CacheFailover {
  requireDatastore(request.datastore, identifiers);
  if (underWay)
    throw modelledFault(
      InvalidGlobalReplicationGroupStateFault$,
      `global datastore ${request.datastore} is failing over to ${underWay.to}; wait until it is available`,
    );

  const target = members.find(({ region }) => region === request.primaryRegion);
  if (!target)
    throw modelledFault(
      InvalidParameterValueException$,
      `PrimaryRegion ${request.primaryRegion} has no member of ${request.datastore}; ` +
        `its regions are ${members.map(({ region }) => region).join(", ")}`,
    );
  const { replicationGroupId } = identifiers.cell(target.region);
  if (request.primaryReplicationGroup !== replicationGroupId)
    throw modelledFault(
      InvalidParameterValueException$,
      `PrimaryReplicationGroupId ${request.primaryReplicationGroup} is not the member in ${target.region}, ` +
        `which is ${replicationGroupId}`,
    );
  if (target.role === "primary")
    throw modelledFault(InvalidParameterValueException$, `${replicationGroupId} is the primary already`);
  // One of which nothing is known may do: the promotion itself finds out, and leaves the roles when it fails.
  if (target.status !== "available" || target.reachability === "unreachable")
    throw modelledFault(
      InvalidGlobalReplicationGroupStateFault$,
      `${replicationGroupId} is ${target.status === "available" ? "not reachable" : target.status}, it must be available`,
    );
  return { to: target.region };
}

/** @throws AwsFault GlobalReplicationGroupNotFoundFault */
export function requireDatastore(id: string, identifiers: LabIdentifiers): void {
  if (id !== identifiers.globalReplicationGroupId)
    throw modelledFault(GlobalReplicationGroupNotFoundFault$, `Global datastore ${id} not found`);
}

/** The global datastore as it is now. Members are listed when asked for. */
export function describeDatastore(
  members: readonly CacheMember[],
  underWay: CacheFailover | null,
  show: { readonly members: boolean },
  identifiers: LabIdentifiers,
): GlobalReplicationGroup {
  const primary = members.find(({ role }) => role === "primary");
  if (!primary) throw new Error("exactly one cache member must be the primary, the lab lists none");
  return {
    GlobalReplicationGroupId: identifiers.globalReplicationGroupId,
    GlobalReplicationGroupDescription: "Castle's lab: one Redis server a cell",
    ARN: identifiers.globalReplicationGroupArn,
    Status: underWay ? "modifying" : "available",
    Engine: "redis",
    EngineVersion: primary.engineVersion,
    ClusterEnabled: false,
    AuthTokenEnabled: false,
    TransitEncryptionEnabled: false,
    AtRestEncryptionEnabled: false,
    ...(show.members && {
      Members: members.map(({ region, role }) => ({
        ReplicationGroupId: identifiers.cell(region).replicationGroupId,
        ReplicationGroupRegion: region,
        Role: role.toUpperCase(),
        AutomaticFailover: "disabled" as const,
        Status: "associated",
      })),
    }),
  };
}
