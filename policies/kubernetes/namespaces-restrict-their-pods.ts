import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const namespacesRestrictTheirPods: ResourceRule = {
  about: "resource",
  name: "namespaces-restrict-their-pods",
  area: "kubernetes",
  severity: "high",
  what: "A namespace of ours takes no pod but of the restricted kind.",
  why: "The rule holds for whoever deploys by hand in the night, too.",
  remedy: "Label it pod-security.kubernetes.io/enforce: restricted.",
  enforcement: everywhere,
  controls: [control("iso27001", "A.8.9"), control("soc2", "CC6.1"), control("cis-eks", "4.2.1")],
  types: ["kubernetes:core/v1:Namespace"],
  judge: (namespace) => {
    const labels = namespace.value("metadata.labels");
    const level =
      typeof labels === "object" && labels !== null
        ? (labels as Record<string, unknown>)["pod-security.kubernetes.io/enforce"]
        : undefined;
    return level === "restricted"
      ? []
      : [
          {
            resource: namespace,
            property: "metadata.labels",
            found: String(level ?? "privileged"),
            wanted: "restricted",
          },
        ];
  },
  examples: {
    passing: {
      type: "kubernetes:core/v1:Namespace",
      props: { metadata: { name: "castle", labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
    },
    failing: { type: "kubernetes:core/v1:Namespace", props: { metadata: { name: "castle" } } },
  },
};
