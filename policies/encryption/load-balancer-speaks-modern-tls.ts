import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const loadBalancerSpeaksModernTls: ResourceRule = {
  about: "resource",
  name: "load-balancer-speaks-modern-tls",
  area: "encryption",
  severity: "critical",
  what: "A load balancer takes nothing but TLS 1.2 or newer.",
  why: "Orders and keys come through it.",
  remedy:
    "Set protocol HTTPS and a TLS 1.3 policy (ELBSecurityPolicy-TLS13-…); in plain HTTP do nothing but redirect.",
  enforcement: everywhere,
  controls: [
    control("pci", "4.2"),
    control("iso27001", "A.8.24"),
    control("soc2", "CC6.7"),
    control("nist", "PR.DS-02"),
    control("dora", "Art. 9(2)"),
  ],
  types: ["aws:lb/listener:Listener"],
  judge: (listener) => {
    const protocol = listener.text("protocol") ?? "none";
    if (protocol === "HTTP" && listener.text("defaultActions.0.type") === "redirect") return [];
    if (protocol !== "HTTPS")
      return [{ resource: listener, property: "protocol", found: protocol, wanted: "HTTPS" }];
    const policy = listener.text("sslPolicy") ?? "AWS's default";
    return policy.startsWith("ELBSecurityPolicy-TLS13-")
      ? []
      : [{ resource: listener, property: "sslPolicy", found: policy, wanted: "a TLS 1.3 policy" }];
  },
  examples: {
    passing: {
      type: "aws:lb/listener:Listener",
      props: { protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
    },
    failing: {
      type: "aws:lb/listener:Listener",
      props: { protocol: "HTTP", defaultActions: [{ type: "forward" }] },
    },
  },
};
