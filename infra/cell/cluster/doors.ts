import { edgeServices } from "../ingress/edge-services.ts";
import type { TierRanges } from "../parts.ts";

/** A way in from outside of the cluster's security group, as AWS takes it: one range and one port. */
export interface Door {
  readonly name: string;
  readonly description: string;
  readonly ipProtocol: "tcp";
  readonly fromPort: number;
  readonly toPort: number;
  readonly cidrIpv4: string;
}

/** Where Kubernetes is asked. */
const API = 443;

/**
 * Who comes into the cluster: EKS's own group lets in nobody but its members, so the load balancer would find no pod
 * healthy, and no runner in the private tier could ask the API. Pure.
 * @param peerPrivate the private tier of the peer cell; empty while the cell stands alone
 */
export function doorsOf(
  ranges: Pick<TierRanges, "public" | "private">,
  peerPrivate: readonly string[],
): readonly Door[] {
  const opened = (name: string, description: string, port: number, from: readonly string[]): Door[] =>
    from.map((cidrIpv4, zone) => ({
      name: `${name}-${zone + 1}`,
      description,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      cidrIpv4,
    }));
  return [
    ...edgeServices.flatMap(({ name, port, internalPort }) => [
      ...opened(`${name}-traffic`, `Load balancer to ${name}`, port, ranges.public),
      ...opened(`${name}-health`, `Load balancer asks ${name} for its health`, internalPort, ranges.public),
    ]),
    ...opened("api", "Runners in the private tier ask the API", API, ranges.private),
    // A switchover brings the other cell's services to their size before it begins.
    ...opened("api-peer", "Runners in the peer cell ask the API", API, peerPrivate),
  ];
}
