import { control } from "../frameworks.ts";
import { everywhere, type StackRule } from "../rule.ts";

/** Left out, a policy is about what comes in alone. */
const deniesBothWays = (types: unknown): boolean =>
  Array.isArray(types) && types.includes("Ingress") && types.includes("Egress");

export const namespacesDenyByDefault: StackRule = {
  about: "stack",
  name: "namespaces-deny-by-default",
  area: "kubernetes",
  severity: "high",
  what: "In a namespace of ours nothing may be reached, or reach out, that no policy names.",
  why: "A pod that was taken over finds nothing to go on to.",
  remedy: "Give the namespace a NetworkPolicy with an empty podSelector for Ingress and Egress.",
  enforcement: everywhere,
  controls: [
    control("pci", "1.3"),
    control("iso27001", "A.8.20"),
    control("soc2", "CC6.6"),
    control("nist", "PR.IR-01"),
    control("cis-eks", "4.3.2"),
  ],
  judge: (stack) =>
    stack
      .ofType("kubernetes:core/v1:Namespace")
      .filter(
        (namespace) =>
          !stack
            .ofType("kubernetes:networking.k8s.io/v1:NetworkPolicy")
            .some(
              (policy) =>
                policy.text("metadata.namespace") === namespace.text("metadata.name") &&
                Object.keys((policy.value("spec.podSelector") ?? { none: true }) as object).length === 0 &&
                deniesBothWays(policy.value("spec.policyTypes")) &&
                policy.value("spec.ingress") === undefined &&
                policy.value("spec.egress") === undefined,
            ),
      )
      .map((resource) => ({
        resource,
        property: "NetworkPolicy",
        found: "everything is allowed",
        wanted: "a policy that denies all",
      })),
  examples: {
    passing: [
      { type: "kubernetes:core/v1:Namespace", props: { metadata: { name: "castle" } } },
      {
        type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        props: {
          metadata: { name: "deny-all", namespace: "castle" },
          spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
        },
      },
    ],
    failing: [{ type: "kubernetes:core/v1:Namespace", props: { metadata: { name: "castle" } } }],
  },
};
