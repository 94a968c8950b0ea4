import { everywhere, type ResourceRule } from "../rule.ts";
import { availableAtTheEdge } from "./following/controls.ts";

interface Limit {
  readonly property: string;
  /** Seconds. */
  readonly most: number;
  /** What AWS takes where nothing is set, in seconds. */
  readonly usual: number;
}

const limits: Readonly<Record<string, Limit>> & { readonly "aws:lb/targetGroup:TargetGroup": Limit } = {
  "aws:lb/loadBalancer:LoadBalancer": { property: "clientKeepAlive", most: 120, usual: 3600 },
  "aws:lb/targetGroup:TargetGroup": { property: "deregistrationDelay", most: 30, usual: 300 },
};

export const clientsLeaveADemotedCellSoon: ResourceRule = {
  about: "resource",
  name: "clients-leave-a-demoted-cell-soon",
  area: "edge",
  severity: "high",
  what: "A client keeps one connection for two minutes at most, and a target that leaves finishes within half a minute.",
  why: "After a failover a connection stays where it is: nothing but its end brings the client to the cell that answers.",
  remedy: "Set clientKeepAlive on the load balancer and deregistrationDelay on the target group.",
  enforcement: everywhere,
  controls: availableAtTheEdge,
  types: ["aws:lb/loadBalancer:LoadBalancer", "aws:lb/targetGroup:TargetGroup"],
  judge: (resource) => {
    const { property, most, usual } = limits[resource.type] ?? limits["aws:lb/targetGroup:TargetGroup"];
    const seconds = resource.number(property) ?? usual;
    return seconds <= most
      ? []
      : [{ resource, property, found: `${seconds} s`, wanted: `${most} s or less` }];
  },
  examples: {
    passing: { type: "aws:lb/loadBalancer:LoadBalancer", props: { clientKeepAlive: 60 } },
    failing: { type: "aws:lb/loadBalancer:LoadBalancer", props: { clientKeepAlive: 3600 } },
  },
};
