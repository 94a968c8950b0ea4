import type { RegionName } from "@castle/regions/catalogue.ts";

/**
 * The names under which the lab's control plane knows its cells: what the lab writes into its target.json, and what the
 * control plane answers with. They are the same in every lab; labs differ by their endpoint.
 */
export interface LabIdentifiers {
  /** An account number that AWS never gives out. */
  readonly account: string;
  readonly globalClusterIdentifier: string;
  readonly globalClusterArn: string;
  readonly globalReplicationGroupId: string;
  readonly globalReplicationGroupArn: string;
  readonly acceleratorArn: string;
  cell(region: RegionName): CellIdentifiers;
  alarmArn(region: string, name: string): string;
  topicArn(region: string, name: string): string;
}

export interface CellIdentifiers {
  readonly clusterIdentifier: string;
  readonly clusterArn: string;
  readonly clusterResourceId: string;
  /** The one DB instance of the cluster. */
  readonly instanceIdentifier: string;
  readonly replicationGroupId: string;
  /** Of the EKS cluster, and of its one node group. */
  readonly clusterName: string;
  readonly nodegroupName: string;
  readonly endpointGroupArn: string;
  /** ARN of the cell's load balancer, the one endpoint of its endpoint group. */
  readonly endpointId: string;
  /** The bucket that keeps the records of executions. Names of buckets are one space for all of AWS. */
  readonly evidenceBucket: string;
}

const labAccount = "000000000000";

/** Stable stand-ins for the random parts of AWS's ARNs. */
const acceleratorId = "ca571e00-0000-4000-8000-000000000000";
const listenerId = "ca571e00";

/** @param account twelve digits; anything but a real account of anyone's. */
export function labIdentifiers(account: string = labAccount): LabIdentifiers {
  if (!/^\d{12}$/.test(account)) throw new Error(`an AWS account number has twelve digits, got "${account}"`);
  const globalClusterIdentifier = "castle-lab";
  // AWS puts a prefix of its own before the suffix the customer chose.
  const globalReplicationGroupId = "ldgnf-castle-lab";
  return {
    account,
    globalClusterIdentifier,
    globalClusterArn: `arn:aws:rds::${account}:global-cluster:${globalClusterIdentifier}`,
    globalReplicationGroupId,
    globalReplicationGroupArn: `arn:aws:elasticache::${account}:globalreplicationgroup:${globalReplicationGroupId}`,
    acceleratorArn: acceleratorArn(account),
    cell: (region) => cellIdentifiers(account, region),
    alarmArn: (region, name) => `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`,
    topicArn: (region, name) => `arn:aws:sns:${region}:${account}:${name}`,
  };
}

const acceleratorArn = (account: string): string =>
  `arn:aws:globalaccelerator::${account}:accelerator/${acceleratorId}`;

function cellIdentifiers(account: string, region: RegionName): CellIdentifiers {
  const clusterIdentifier = `castle-${region}`;
  const listenerArn = `${acceleratorArn(account)}/listener/${listenerId}`;
  return {
    clusterIdentifier,
    clusterArn: `arn:aws:rds:${region}:${account}:cluster:${clusterIdentifier}`,
    clusterResourceId: `cluster-CASTLE${region.replaceAll("-", "").toUpperCase()}`,
    instanceIdentifier: `${clusterIdentifier}-1`,
    replicationGroupId: clusterIdentifier,
    clusterName: clusterIdentifier,
    nodegroupName: "castle",
    endpointGroupArn: `${listenerArn}/endpoint-group/castle-${region}`,
    endpointId: `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/net/castle-${region}/ca571e0000000000`,
    evidenceBucket: `castle-evidence-${account}-${region}`,
  };
}
