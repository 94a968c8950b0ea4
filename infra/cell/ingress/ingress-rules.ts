import type { TierRanges } from "../parts.ts";
import type { EdgeService } from "./edge-services.ts";

interface Rule {
  readonly description: string;
  readonly protocol: "tcp";
  readonly fromPort: number;
  readonly toPort: number;
  readonly cidrBlocks: string[];
}

const rule = (description: string, port: number, ranges: readonly string[]): Rule => ({
  description,
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  cidrBlocks: [...ranges],
});

/**
 * What may come to the load balancer and leave it. Anybody may come, to the ports of the edge: the accelerator preserves
 * the addresses of clients, so theirs are the ones that the group sees. To the services it leaves by their traffic port
 * and the one that it asks for health, and to nothing else. Pure.
 */
export const ingressRules = (
  services: readonly EdgeService[],
  ranges: Pick<TierRanges, "private">,
): { readonly ingress: Rule[]; readonly egress: Rule[] } => ({
  ingress: services.map(({ name, edgePort }) => rule(`clients to ${name}`, edgePort, ["0.0.0.0/0"])),
  egress: services.flatMap(({ name, port, internalPort }) => [
    rule(`traffic to ${name}`, port, ranges.private),
    rule(`health of ${name}`, internalPort, ranges.private),
  ]),
});
