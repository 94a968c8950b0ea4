import { control } from "../frameworks.ts";
import { missingBeside } from "../judged/beside.ts";
import { everywhere, type StackRule } from "../rule.ts";

export const drainingTakesOnePodAtATime: StackRule = {
  about: "stack",
  name: "draining-takes-one-pod-at-a-time",
  area: "kubernetes",
  severity: "high",
  what: "Every deployment says how many of its pods may be missing while nodes are drained.",
  why: "An upgrade of the nodes would otherwise take a service away whole.",
  remedy: "Give each Deployment a PodDisruptionBudget.",
  enforcement: everywhere,
  controls: [control("dora", "Art. 9(3)"), control("iso27001", "A.8.14"), control("soc2", "A1.2")],
  judge: (stack) =>
    missingBeside(
      stack,
      "kubernetes:apps/v1:Deployment",
      "kubernetes:policy/v1:PodDisruptionBudget",
      "PodDisruptionBudget",
    ),
  examples: {
    passing: [
      { type: "kubernetes:apps/v1:Deployment", props: { metadata: { name: "a", namespace: "castle" } } },
      {
        type: "kubernetes:policy/v1:PodDisruptionBudget",
        props: { metadata: { name: "a", namespace: "castle" } },
      },
    ],
    failing: [
      { type: "kubernetes:apps/v1:Deployment", props: { metadata: { name: "a", namespace: "castle" } } },
    ],
  },
};
