import { type Service, services } from "@castle/services/catalogue.ts";
import type * as kubernetes from "@pulumi/kubernetes";
import { cachePort, postgresPort } from "../cell/network/ports.ts";
import { labelsOf } from "./deployment.ts";
import type { WorkloadFacts } from "./facts.ts";

type PolicySpec = kubernetes.types.input.networking.v1.NetworkPolicySpec;

/** Where metrics are asked for from. */
export const MONITORING_NAMESPACE = "monitoring";
/** Where EKS's agent hands out a pod's AWS credentials, on its own node. */
const POD_IDENTITY = { cidr: "169.254.170.23/32", port: 80 };

/** Nothing in, nothing out, for every pod of the namespace that no other policy names. */
export const denyAll: PolicySpec = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

/**
 * Who reaches a service, and what it reaches: the load balancer its traffic and its health, the monitoring its metrics;
 * it the stores, the lines of the services that it dials, names, the node's credentials, and AWS's public endpoints,
 * behind which the witness is.
 */
export function firewallOf(service: Service, facts: WorkloadFacts): PolicySpec {
  const tcp = (port: number) => ({ protocol: "TCP", port });
  const to = (ranges: readonly string[]) => ranges.map((cidr) => ({ ipBlock: { cidr } }));
  const fromEdge =
    service.port === null
      ? []
      : [{ from: to(facts.loadBalancerRanges), ports: [tcp(service.port), tcp(service.internalPort)] }];
  const pods = (those: readonly Service[]) =>
    those.map((one) => ({ podSelector: { matchLabels: labelsOf(one) } }));
  const callers = services.filter(({ dials }) => dials.includes(service.name));
  const called = services.flatMap((one) =>
    service.dials.includes(one.name) && one.linePort !== null ? [{ one, port: one.linePort }] : [],
  );
  return {
    podSelector: { matchLabels: labelsOf(service) },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      ...fromEdge,
      {
        from: [
          { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": MONITORING_NAMESPACE } } },
        ],
        ports: [tcp(service.internalPort)],
      },
      ...(service.linePort === null || callers.length === 0
        ? []
        : [{ from: pods(callers), ports: [tcp(service.linePort)] }]),
    ],
    egress: [
      { to: to(facts.storeRanges), ports: [tcp(postgresPort), tcp(cachePort)] },
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
            podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
          },
        ],
        ports: [{ protocol: "UDP", port: 53 }, tcp(53)],
      },
      ...called.map(({ one, port }) => ({ to: pods([one]), ports: [tcp(port)] })),
      { to: to([POD_IDENTITY.cidr]), ports: [tcp(POD_IDENTITY.port)] },
      { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [...facts.privateRanges] } }], ports: [tcp(443)] },
    ],
  };
}
