import { control } from "../frameworks.ts";
import { missingBeside } from "../judged/beside.ts";
import { everywhere, type StackRule } from "../rule.ts";

export const servicesGrowWithTheirLoad: StackRule = {
  about: "stack",
  name: "services-grow-with-their-load",
  area: "kubernetes",
  severity: "medium",
  what: "Every deployment has an autoscaler.",
  why: "What took over in a failover carries the other cell's load, too.",
  remedy: "Give each Deployment a HorizontalPodAutoscaler.",
  enforcement: everywhere,
  controls: [control("soc2", "A1.1"), control("dora", "Art. 7"), control("iso27001", "A.8.6")],
  judge: (stack) =>
    missingBeside(
      stack,
      "kubernetes:apps/v1:Deployment",
      "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
      "HorizontalPodAutoscaler",
    ),
  examples: {
    passing: [
      { type: "kubernetes:apps/v1:Deployment", props: { metadata: { name: "a", namespace: "castle" } } },
      {
        type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
        props: { metadata: { name: "a", namespace: "castle" } },
      },
    ],
    failing: [
      { type: "kubernetes:apps/v1:Deployment", props: { metadata: { name: "a", namespace: "castle" } } },
    ],
  },
};
