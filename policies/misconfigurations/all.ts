import { edgeMistakes } from "./edge.ts";
import { hiddenSinglePointMistakes } from "./hidden-single-point.ts";
import type { Misconfiguration } from "./misconfiguration.ts";
import { otherWays } from "./other-ways.ts";
import { parityMistakes } from "./parity.ts";
import { recoveryMistakes } from "./recovery.ts";
import { roleChangeMistakes } from "./role-change.ts";

/** Every mistake that is made on purpose, by the area of the rule that is meant to report it. */
export const misconfigurations: readonly Misconfiguration[] = [
  ...recoveryMistakes,
  ...roleChangeMistakes,
  ...edgeMistakes,
  ...hiddenSinglePointMistakes,
  ...parityMistakes,
  ...otherWays,
];
