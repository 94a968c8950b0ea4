import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const releasesLoseNoPod: ResourceRule = {
  about: "resource",
  name: "releases-lose-no-pod",
  area: "kubernetes",
  severity: "medium",
  what: "A release brings a pod before it takes one away.",
  why: "A service with one pod would be gone for the length of its start.",
  remedy: "Set strategy.rollingUpdate.maxUnavailable to 0.",
  enforcement: everywhere,
  controls: [
    control("dora", "Art. 9(3)"),
    control("iso27001", "A.8.14"),
    control("soc2", "A1.2"),
    control("soc2", "CC8.1"),
  ],
  types: ["kubernetes:apps/v1:Deployment"],
  judge: (deployment) =>
    deployment.value("spec.strategy.rollingUpdate.maxUnavailable") === 0
      ? []
      : [
          {
            resource: deployment,
            property: "spec.strategy.rollingUpdate.maxUnavailable",
            found: String(deployment.value("spec.strategy.rollingUpdate.maxUnavailable") ?? "25%"),
            wanted: "0",
          },
        ],
  examples: {
    passing: {
      type: "kubernetes:apps/v1:Deployment",
      props: {
        spec: {
          strategy: { rollingUpdate: { maxUnavailable: 0 } },
          template: { spec: { containers: [{ name: "a" }] } },
        },
      },
    },
    failing: {
      type: "kubernetes:apps/v1:Deployment",
      props: { spec: { template: { spec: { containers: [{ name: "a" }] } } } },
    },
  },
};
