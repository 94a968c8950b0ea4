import { control } from "../frameworks.ts";
import { podKeepers } from "../judged/pods.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const podsHoldNoKeyToTheCluster: ResourceRule = {
  about: "resource",
  name: "pods-hold-no-key-to-the-cluster",
  area: "kubernetes",
  severity: "medium",
  what: "A pod holds no token for Kubernetes's API.",
  why: "A trading service has nothing to say there; whoever takes it over would.",
  remedy: "Set automountServiceAccountToken false on the pod.",
  enforcement: everywhere,
  controls: [control("iso27001", "A.8.9"), control("soc2", "CC6.1"), control("cis-eks", "4.1.6")],
  types: podKeepers,
  judge: (deployment) =>
    deployment.value("spec.template.spec.automountServiceAccountToken") === false
      ? []
      : [
          {
            resource: deployment,
            property: "spec.template.spec.automountServiceAccountToken",
            found: "a token",
            wanted: "none",
          },
        ],
  examples: {
    passing: {
      type: "kubernetes:apps/v1:Deployment",
      props: {
        spec: { template: { spec: { automountServiceAccountToken: false, containers: [{ name: "a" }] } } },
      },
    },
    failing: {
      type: "kubernetes:apps/v1:Deployment",
      props: { spec: { template: { spec: { containers: [{ name: "a" }] } } } },
    },
  },
};
