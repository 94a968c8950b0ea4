import { control } from "../frameworks.ts";
import { everywhere, type StackRule } from "../rule.ts";

export const oldImagesExpire: StackRule = {
  about: "stack",
  name: "old-images-expire",
  area: "cost",
  severity: "low",
  what: "A repository throws old images away.",
  why: "Each release is kept in two regions, and paid for.",
  remedy: "Give each repository a LifecyclePolicy.",
  enforcement: everywhere,
  controls: [control("iso27001", "A.8.10")],
  judge: (stack) => {
    const repositories = stack.ofType("aws:ecr/repository:Repository");
    const kept = stack.ofType("aws:ecr/lifecyclePolicy:LifecyclePolicy").length;
    return repositories
      .slice(kept)
      .map((resource) => ({ resource, property: "LifecyclePolicy", found: "none", wanted: "one" }));
  },
  examples: {
    passing: [
      { type: "aws:ecr/repository:Repository", props: {} },
      { type: "aws:ecr/lifecyclePolicy:LifecyclePolicy", props: {} },
    ],
    failing: [{ type: "aws:ecr/repository:Repository", props: {} }],
  },
};
