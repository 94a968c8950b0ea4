import { control } from "../frameworks.ts";
import { everywhere, type StackRule } from "../rule.ts";

export const theWayInHasAFirewall: StackRule = {
  about: "stack",
  name: "the-way-in-has-a-firewall",
  area: "network",
  severity: "high",
  what: "Every load balancer stands behind a web firewall.",
  why: "It counts by client and knows what attacks look like, so that the gateways need not.",
  remedy: "Associate a WebAcl with the load balancer.",
  enforcement: everywhere,
  controls: [
    control("pci", "6.4"),
    control("iso27001", "A.8.20"),
    control("soc2", "CC6.6"),
    control("dora", "Art. 9(2)"),
  ],
  judge: (stack) => {
    const balancers = stack.ofType("aws:lb/loadBalancer:LoadBalancer");
    const guarded = stack.ofType("aws:wafv2/webAclAssociation:WebAclAssociation").length;
    return balancers
      .slice(guarded)
      .map((resource) => ({ resource, property: "WebAclAssociation", found: "none", wanted: "one" }));
  },
  examples: {
    passing: [
      { type: "aws:lb/loadBalancer:LoadBalancer", props: {} },
      { type: "aws:wafv2/webAclAssociation:WebAclAssociation", props: {} },
    ],
    failing: [{ type: "aws:lb/loadBalancer:LoadBalancer", props: {} }],
  },
};
