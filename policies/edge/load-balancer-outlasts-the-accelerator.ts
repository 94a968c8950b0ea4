import { exceptPreview, type ResourceRule } from "../rule.ts";
import { availableAtTheEdge } from "./following/controls.ts";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const ACCELERATOR_SECONDS = 340;

export const loadBalancerOutlastsTheAccelerator: ResourceRule = {
  about: "resource",
  name: "load-balancer-outlasts-the-accelerator",
  area: "edge",
  severity: "medium",
  what: "The load balancer keeps an idle connection longer than the accelerator, which gives it up after 340 seconds.",
  why: "A hop that closes first is sent requests into a connection that is closing: an order is lost on its way and nobody knows.",
  remedy: "Set idleTimeout above 340 seconds, and the services' above that.",
  enforcement: exceptPreview,
  controls: availableAtTheEdge,
  types: [BALANCER],
  judge: (balancer) => {
    const seconds = balancer.number("idleTimeout") ?? 60;
    return seconds > ACCELERATOR_SECONDS
      ? []
      : [
          {
            resource: balancer,
            property: "idleTimeout",
            found: `${seconds} s`,
            wanted: `more than ${ACCELERATOR_SECONDS} s`,
          },
        ];
  },
  examples: {
    passing: { type: BALANCER, props: { idleTimeout: 345 } },
    failing: { type: BALANCER, props: { idleTimeout: 60 } },
  },
};
