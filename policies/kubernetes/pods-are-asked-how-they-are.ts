import { control } from "../frameworks.ts";
import { containersOf, podKeepers } from "../judged/pods.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const podsAreAskedHowTheyAre: ResourceRule = {
  about: "resource",
  name: "pods-are-asked-how-they-are",
  area: "kubernetes",
  severity: "high",
  what: "A container is asked whether it lives and whether it is ready.",
  why: "A pod that hangs, or that cannot reach its database, is otherwise sent traffic.",
  remedy: "Set livenessProbe and readinessProbe.",
  enforcement: everywhere,
  controls: [control("dora", "Art. 9(3)"), control("iso27001", "A.8.14"), control("soc2", "A1.2")],
  types: podKeepers,
  judge: (deployment) =>
    containersOf(deployment).flatMap((each) =>
      (["livenessProbe", "readinessProbe"] as const)
        .filter((property) => !each.has(property))
        .map((property) => ({
          resource: deployment,
          property: `containers.${each.text("name")}.${property}`,
          found: "none",
          wanted: "a probe",
        })),
    ),
  examples: {
    passing: {
      type: "kubernetes:apps/v1:Deployment",
      props: {
        spec: { template: { spec: { containers: [{ name: "a", livenessProbe: {}, readinessProbe: {} }] } } },
      },
    },
    failing: {
      type: "kubernetes:apps/v1:Deployment",
      props: { spec: { template: { spec: { containers: [{ name: "a", livenessProbe: {} }] } } } },
    },
  },
};
