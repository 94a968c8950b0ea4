import type { Recorded } from "../support/recorded.ts";

/**
 * What reads differently in AWS once the other cell has taken the role, by the resource's type: what `refresh` brings
 * into a stack's state, and what `up` would therefore change back where the program asks for it and does not ignore it.
 */
export const afterAHandover: readonly {
  readonly type: string;
  readonly properties: readonly string[];
  /** The stacks that have one; both by default. */
  readonly only?: readonly ["prd"];
}[] = [
  // The writer's member has no source, the reader's has one; a member that is asked for an empty one is promoted.
  {
    type: "aws:rds/cluster:Cluster",
    properties: [
      "replicationSourceIdentifier",
      "globalClusterIdentifier",
      "availabilityZones",
      "masterUserSecretKmsKeyId",
    ],
  },
  // Members change places, and with them what the global cluster says it was made from.
  {
    type: "aws:rds/globalCluster:GlobalCluster",
    properties: ["sourceDbClusterIdentifier", "globalClusterMembers"],
    only: ["prd"],
  },
  // Reads back as the primary of now, and is a reason to replace the datastore.
  {
    type: "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
    properties: ["primaryReplicationGroupId"],
    only: ["prd"],
  },
  // The runbooks pin the lost cell's weight to 0, and may turn its dial.
  {
    type: "aws:globalaccelerator/endpointGroup:EndpointGroup",
    properties: ["endpointConfigurations", "trafficDialPercentage"],
  },
];

/** What `up` would change back of a resource after a handover, in words. */
export const proposals = ({ type, name, inputs, ignoreChanges }: Recorded): string[] =>
  afterAHandover
    .filter((change) => change.type === type)
    .flatMap(({ properties }) => properties)
    .filter((property) => property in inputs && !ignoreChanges.includes(property))
    .map((property) => `${short(type)} ${name} would revert ${property}`);

const short = (type: string): string => type.replace(/^aws:(\w+)\/\w+:/, "$1.");
