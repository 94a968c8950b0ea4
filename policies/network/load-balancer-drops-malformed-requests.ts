import { control } from "../frameworks.ts";
import { isOn } from "../judged/wants.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const loadBalancerDropsMalformedRequests: ResourceRule = {
  about: "resource",
  name: "load-balancer-drops-malformed-requests",
  area: "network",
  severity: "medium",
  what: "A load balancer drops requests with malformed headers.",
  why: "What two servers read differently is how a request is smuggled past the first of them.",
  remedy: "Set dropInvalidHeaderFields, and desyncMitigationMode to defensive or strictest.",
  enforcement: everywhere,
  controls: [control("pci", "6.4"), control("iso27001", "A.8.23")],
  types: ["aws:lb/loadBalancer:LoadBalancer"],
  judge: isOn("dropInvalidHeaderFields"),
  examples: {
    passing: { type: "aws:lb/loadBalancer:LoadBalancer", props: { dropInvalidHeaderFields: true } },
    failing: { type: "aws:lb/loadBalancer:LoadBalancer", props: { internal: true } },
  },
};
