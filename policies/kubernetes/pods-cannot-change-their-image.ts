import { control } from "../frameworks.ts";
import { allContainersOf, podKeepers } from "../judged/pods.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const podsCannotChangeTheirImage: ResourceRule = {
  about: "resource",
  name: "pods-cannot-change-their-image",
  area: "kubernetes",
  severity: "medium",
  what: "A container cannot write to its own file system.",
  why: "What cannot be written cannot be replaced by whoever gets in.",
  remedy: "Set readOnlyRootFilesystem; mount an emptyDir where something has to be written.",
  enforcement: everywhere,
  controls: [control("iso27001", "A.8.9"), control("soc2", "CC6.1")],
  types: podKeepers,
  judge: (deployment) =>
    allContainersOf(deployment)
      .filter((each) => each.value("securityContext.readOnlyRootFilesystem") !== true)
      .map((each) => ({
        resource: deployment,
        property: `containers.${each.text("name")}.securityContext.readOnlyRootFilesystem`,
        found: "writable",
        wanted: "read-only",
      })),
  examples: {
    passing: {
      type: "kubernetes:apps/v1:Deployment",
      props: {
        spec: {
          template: {
            spec: { containers: [{ name: "a", securityContext: { readOnlyRootFilesystem: true } }] },
          },
        },
      },
    },
    failing: {
      type: "kubernetes:apps/v1:Deployment",
      props: { spec: { template: { spec: { containers: [{ name: "a" }] } } } },
    },
  },
};
