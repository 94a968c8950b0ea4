import { control } from "../frameworks.ts";
import { exceptPreview, type StackRule } from "../rule.ts";

export const spendingIsWatched: StackRule = {
  about: "stack",
  name: "spending-is-watched",
  area: "cost",
  severity: "low",
  what: "There is a budget that tells somebody before the month is over.",
  why: "What is left running is found on the bill otherwise.",
  remedy: "Add a Budget with a notification.",
  enforcement: exceptPreview,
  controls: [control("iso27001", "A.8.6")],
  judge: (stack, { profile }) => {
    const [any] = stack.ofType("aws:globalaccelerator/accelerator:Accelerator");
    return any && profile.globalTier && stack.ofType("aws:budgets/budget:Budget").length === 0
      ? [{ resource: any, property: "Budget", found: "none", wanted: "one for the platform" }]
      : [];
  },
  examples: {
    passing: [
      { type: "aws:globalaccelerator/accelerator:Accelerator", props: {} },
      { type: "aws:budgets/budget:Budget", props: {} },
    ],
    failing: [{ type: "aws:globalaccelerator/accelerator:Accelerator", props: {} }],
  },
};
