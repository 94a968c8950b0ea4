import { control } from "../frameworks.ts";
import { allContainersOf, podKeepers } from "../judged/pods.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const podsAskForWhatTheyNeed: ResourceRule = {
  about: "resource",
  name: "pods-ask-for-what-they-need",
  area: "kubernetes",
  severity: "high",
  what: "A container says what it needs of cores and memory, and how much memory it may take.",
  why: "Without that a standby's node looks empty until the traffic comes.",
  remedy: "Set resources.requests.cpu, requests.memory and limits.memory.",
  enforcement: everywhere,
  controls: [control("iso27001", "A.8.6"), control("soc2", "A1.1"), control("dora", "Art. 7")],
  types: podKeepers,
  judge: (deployment) =>
    allContainersOf(deployment).flatMap((each) =>
      (["resources.requests.cpu", "resources.requests.memory", "resources.limits.memory"] as const)
        .filter((property) => each.value(property) === undefined)
        .map((property) => ({
          resource: deployment,
          property: `containers.${each.text("name")}.${property}`,
          found: "none",
          wanted: "a quantity",
        })),
    ),
  examples: {
    passing: {
      type: "kubernetes:apps/v1:Deployment",
      props: {
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: "a",
                  resources: { requests: { cpu: "1", memory: "512Mi" }, limits: { memory: "512Mi" } },
                },
              ],
            },
          },
        },
      },
    },
    failing: {
      type: "kubernetes:apps/v1:Deployment",
      props: {
        spec: { template: { spec: { containers: [{ name: "a", resources: { requests: { cpu: "1" } } }] } } },
      },
    },
  },
};
