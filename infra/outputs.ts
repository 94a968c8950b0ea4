import type { Input } from "@pulumi/pulumi";
import type { Castle } from "./castle.ts";
import type { CellContext } from "./cell/context.ts";
import { quotasOf } from "./settings/quotas.ts";

/**
 * What a stack tells the runbooks (docs/runbooks/aws.md says what of it they need), and under `forPeer` what the other
 * stack's configuration has to be told. Names of secrets, never a secret.
 */
export function outputsOf(castle: Castle, context: CellContext): Record<string, Input<unknown>> {
  const { settings, names, region } = context;
  const { cell, storage } = castle;
  const secret = (store: string): string => names.secret("operator", store);
  return {
    region: region.name,
    account: settings.account,
    database: {
      clusterArn: cell.database.clusterArn,
      endpoint: cell.database.endpoint,
      readerEndpoint: cell.database.readerEndpoint,
      secret: secret("database"),
    },
    journal: { endpoint: cell.journal.endpoint, secret: secret("journal") },
    cache: {
      replicationGroupId: cell.cache.replicationGroupId,
      endpoint: cell.cache.endpoint,
      secret: secret("cache"),
    },
    ...(cell.edge
      ? { edge: { endpointGroupArn: cell.edge.endpointGroupArn, endpointId: cell.edge.endpointId } }
      : {}),
    cluster: { name: names.cluster, namespace: names.namespace },
    evidenceBucket: storage.buckets.evidence.name,
    topicArn: cell.observability.topicArn,
    ...sharedOutputs(castle, context),
    forPeer: {
      peer: {
        stack: settings.stack,
        vpcId: cell.network.vpcId,
        // The peer cell asks for the connection; the home cell is told of it, and accepts.
        peeringConnectionId: context.home ? null : cell.link?.connectionId,
        journalEndpoint: cell.journal.endpoint,
      },
      shared: castle.globalCache && {
        primaryKeyArn: castle.keys.keyArn,
        globalReplicationGroupId: castle.globalCache.globalReplicationGroupId,
        acceleratorListenerArn: castle.global?.listenerArn,
      },
    },
  };
}

/** Of what both cells share, told by the stack that makes it. */
function sharedOutputs(
  { cell, global, globalDatabase, globalCache }: Castle,
  { settings }: CellContext,
): Record<string, Input<unknown>> {
  if (!global || !globalDatabase || !globalCache) return {};
  const { objectives, profile, approvers, peer } = settings;
  return {
    peerStack: peer?.stack,
    globalClusterIdentifier: globalDatabase.identifier,
    globalReplicationGroupId: globalCache.globalReplicationGroupId,
    witnessTableArn: global.witness.tableArn,
    repositories: cell.registry.repositories,
    secrets: cell.secrets.services,
    quotas: quotasOf(profile),
    evidenceRetentionDays: profile.keep.evidenceDays,
    approvers,
    certificates: cell.ingress.certificateDomains,
    objectives,
  };
}
