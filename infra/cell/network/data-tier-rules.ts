import type { TierRanges } from "../parts.ts";
import { cachePort, postgresPort } from "./ports.ts";

/** A rule of a network ACL. Rules are read by number, the lowest first; what no rule allows is refused. */
export interface AclRule {
  readonly ruleNo: number;
  readonly action: "allow";
  readonly protocol: "tcp";
  readonly cidrBlock: string;
  readonly fromPort: number;
  readonly toPort: number;
}

export interface AclRules {
  readonly ingress: readonly AclRule[];
  readonly egress: readonly AclRule[];
}

/** Ports from which Linux clients, and load balancers, connect. */
const EPHEMERAL = { fromPort: 1024, toPort: 65_535 };
const port = (number: number) => ({ fromPort: number, toPort: number });

/**
 * Who reaches the data tier: both cells' private tiers the stores' ports, since engines append to the other cell's
 * journal and the runner, which must not stand in the region that is lost, acts on both cells; the tier itself, where a cache's replicas follow their primary over the VPC. An ACL keeps no state, so answers
 * have rules of their own. Names and time are asked of AWS's own addresses, which no ACL looks at. Which database a
 * connection may reach is for security groups: an ACL knows ports only. Pure.
 * @param peer the peer cell's ranges; null while the cell stands alone
 */
export function dataTierRules(own: TierRanges, peer: TierRanges | null): AclRules {
  const clients = [
    ...[...own.private, ...(peer?.private ?? [])].flatMap((cidrBlock) => [
      { cidrBlock, ...port(postgresPort) },
      { cidrBlock, ...port(cachePort) },
    ]),
  ];
  const within = own.data.map((cidrBlock) => ({ cidrBlock, fromPort: 0, toPort: 65_535 }));
  const answers = [...own.private, ...(peer?.private ?? [])].map((cidrBlock) => ({
    cidrBlock,
    ...EPHEMERAL,
  }));
  return { ingress: numbered([...clients, ...within]), egress: numbered([...answers, ...within]) };
}

const numbered = (rules: readonly Pick<AclRule, "cidrBlock" | "fromPort" | "toPort">[]): AclRule[] =>
  rules.map((rule, at) => ({ ruleNo: (at + 1) * 10, action: "allow", protocol: "tcp", ...rule }));
