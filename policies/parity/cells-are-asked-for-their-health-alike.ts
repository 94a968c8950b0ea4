import { exceptPreview, type PairRule } from "../rule.ts";
import { alike } from "./compare/alike.ts";
import { ableToTakeOver } from "./compare/controls.ts";

export const cellsAreAskedForTheirHealthAlike: PairRule = {
  about: "pair",
  name: "cells-are-asked-for-their-health-alike",
  area: "parity",
  severity: "high",
  what: "Target groups of both cells are asked at the same interval, with the same thresholds, and are left in the same time.",
  why: "Traffic that moves one way in twenty seconds and back in two minutes is a failback that takes operators by surprise.",
  remedy: "Take health checks from infra/cell/ingress/timeouts.ts.",
  enforcement: exceptPreview,
  controls: ableToTakeOver,
  judge: (home, peer) =>
    alike(home, peer, {
      types: ["aws:lb/targetGroup:TargetGroup"],
      properties: ["healthCheck", "deregistrationDelay"],
    }),
  examples: {
    passing: {
      home: [{ type: "aws:lb/targetGroup:TargetGroup", props: { healthCheck: { interval: 5 } } }],
      peer: [{ type: "aws:lb/targetGroup:TargetGroup", props: { healthCheck: { interval: 5 } } }],
    },
    failing: {
      home: [{ type: "aws:lb/targetGroup:TargetGroup", props: { healthCheck: { interval: 5 } } }],
      peer: [{ type: "aws:lb/targetGroup:TargetGroup", props: { healthCheck: { interval: 30 } } }],
    },
  },
};
