import { control } from "../frameworks.ts";
import type { Resource } from "../judged/resource.ts";
import { exceptPreview, type StackRule } from "../rule.ts";
import { stated } from "./budget/stated.ts";

const GROUP = "aws:lb/targetGroup:TargetGroup";

/** Seconds until a target is out after its last answer, and another in: the provider's values where none are set. */
const healthSeconds = (group: Resource): number => {
  const interval = group.number("healthCheck.interval") ?? 30;
  const out = group.number("healthCheck.unhealthyThreshold") ?? 3;
  const back = group.number("healthCheck.healthyThreshold") ?? 3;
  return interval * (out + back);
};

export const recoveryFitsItsBudget: StackRule = {
  about: "stack",
  name: "recovery-fits-its-budget",
  area: "recovery",
  severity: "critical",
  what: "Health checks, decision, promotion, replay, warm-up and the edge's turn add up to no more than the recovery time objective.",
  why: "An objective that the configuration cannot keep is found out on the day that it is needed.",
  remedy: "Shorten interval or thresholds of the health check, or set an objective that can be kept.",
  enforcement: exceptPreview,
  controls: [
    control("dora", "Art. 12(6)"),
    control("iso22301", "8.3"),
    control("iso22301", "8.4"),
    control("iso27001", "A.5.30"),
    control("soc2", "A1.2"),
    control("nist", "RC.RP"),
  ],
  judge: (stack, { objectives }) => {
    const others = stated.reduce((sum, { seconds }) => sum + seconds, 0);
    return stack.judgeEach(stack.ofType(GROUP), (group) => {
      const health = healthSeconds(group);
      return health + others <= objectives.recoveryTimeSeconds
        ? []
        : [
            {
              resource: group,
              property: "healthCheck",
              found: `${health} s, and ${others} s for the rest`,
              wanted: `${objectives.recoveryTimeSeconds} s in all`,
            },
          ];
    });
  },
  examples: {
    passing: [
      {
        type: GROUP,
        props: { healthCheck: { interval: 5, healthyThreshold: 2, unhealthyThreshold: 2 } },
      },
    ],
    failing: [
      {
        type: GROUP,
        props: { healthCheck: { interval: 30, healthyThreshold: 5, unhealthyThreshold: 3 } },
      },
    ],
  },
};
