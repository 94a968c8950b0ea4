import * as aws from "@pulumi/aws";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import type { CellContext } from "./context.ts";
import { layOutSubnets } from "./network/subnet-layout.ts";
import type { TierRanges } from "./parts.ts";

export interface DataFirewallArgs {
  readonly vpcId: Input<string>;
  /** What is behind it: part of the rules' descriptions. */
  readonly store: string;
  readonly port: number;
  /** Who may call, by what it is: address ranges, known before anything exists. */
  readonly callers: Readonly<Record<string, readonly string[]>>;
}

/**
 * Who may call the stores of a cell. The peer's matching engine appends to its journal; and a runner, which must never stand in the
 * region that is lost, works from either cell's private tier on the stores of both.
 */
export const callersOf = (
  { peer }: Pick<CellContext, "peer">,
  ranges: TierRanges,
): DataFirewallArgs["callers"] => ({
  "the cell": ranges.private,
  // By the layout that the peer's own network has, which nobody there needs to be asked for.
  "the peer cell": peer ? layOutSubnets(peer.cidr).private : [],
});

/** Rules as plain data. A caller without a range has no rule: an empty list would be refused by EC2. Pure. */
export const callersRules = ({
  store,
  port,
  callers,
}: Pick<DataFirewallArgs, "store" | "port" | "callers">) =>
  Object.entries(callers)
    .filter(([, ranges]) => ranges.length > 0)
    .map(([caller, ranges]) => ({
      description: `${caller} to the ${store}`,
      protocol: "tcp",
      fromPort: port,
      toPort: port,
      cidrBlocks: [...ranges],
    }));

/**
 * A store's security group: one port, for known address ranges and nobody else. By ranges and not by other groups, since
 * a group of the peer's region cannot be named, and a preview can judge ranges. Without a rule for what leaves, the store
 * can open no connection.
 */
export const dataFirewall = (
  name: string,
  args: DataFirewallArgs,
  options: CustomResourceOptions,
): aws.ec2.SecurityGroup =>
  new aws.ec2.SecurityGroup(
    name,
    {
      vpcId: args.vpcId,
      description: `Callers of the ${args.store}`,
      ingress: callersRules(args),
      egress: [],
    },
    options,
  );
