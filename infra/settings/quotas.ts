import type { Profile } from "./profiles.ts";

/** A service quota, and what each region must have of it so that its cell can carry the whole load. */
export interface Quota {
  readonly serviceCode: string;
  /** As Service Quotas numbers it; the same in every region. */
  readonly quotaCode: string;
  readonly least: number;
}

/** Nodes are at most this large in vCPUs (m7g.2xlarge). */
const NODE_VCPUS = 8;
const ZONES = 3;

/** vCPUs of all of a cell's nodes, each at its largest. */
export const nodeVcpus = ({ nodes }: Pick<Profile, "nodes">): number => nodes.max * NODE_VCPUS;

export const quotasOf = (profile: Profile): readonly Quota[] => [
  // vCPUs of running on-demand standard instances: every node, beside what is replaced meanwhile.
  { serviceCode: "ec2", quotaCode: "L-1216C47A", least: 2 * nodeVcpus(profile) },
  // Elastic IP addresses: one for each NAT gateway.
  { serviceCode: "ec2", quotaCode: "L-0263D0A3", least: profile.natPerZone ? ZONES : 1 },
  { serviceCode: "eks", quotaCode: "L-1194D53C", least: 1 },
  // Application load balancers of a region.
  { serviceCode: "elasticloadbalancing", quotaCode: "L-53DA6B97", least: 1 },
];
