import { control } from "../frameworks.ts";
import { allContainersOf, podKeepers } from "../judged/pods.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const podsRunWithoutRoot: ResourceRule = {
  about: "resource",
  name: "pods-run-without-root",
  area: "kubernetes",
  severity: "high",
  what: "A pod never runs as root, and gains no privileges.",
  why: "Whoever breaks out of a container is then nobody on the node.",
  remedy:
    "Set runAsNonRoot on the pod, and on each container allowPrivilegeEscalation false and capabilities.drop ALL.",
  enforcement: everywhere,
  controls: [control("iso27001", "A.8.9"), control("soc2", "CC6.1"), control("cis-eks", "4.2.5")],
  types: podKeepers,
  judge: (deployment) => [
    ...(deployment.value("spec.template.spec.securityContext.runAsNonRoot") === true
      ? []
      : [
          {
            resource: deployment,
            property: "spec.template.spec.securityContext.runAsNonRoot",
            found: "may be root",
            wanted: "true",
          },
        ]),
    ...allContainersOf(deployment)
      .filter(
        (each) =>
          each.value("securityContext.allowPrivilegeEscalation") !== false ||
          each.text("securityContext.capabilities.drop.0") !== "ALL",
      )
      .map((each) => ({
        resource: deployment,
        property: `containers.${each.text("name")}.securityContext`,
        found: "privileges can be gained",
        wanted: "none",
      })),
  ],
  examples: {
    passing: {
      type: "kubernetes:apps/v1:Deployment",
      props: {
        spec: {
          template: {
            spec: {
              securityContext: { runAsNonRoot: true },
              containers: [
                {
                  name: "a",
                  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
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
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: "a",
                  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
                },
              ],
            },
          },
        },
      },
    },
  },
};
