import { control } from "../frameworks.ts";
import { says } from "../judged/wants.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const imageTagsNeverMove: ResourceRule = {
  about: "resource",
  name: "image-tags-never-move",
  area: "kubernetes",
  severity: "high",
  what: "A tag, once pushed, always means the same image.",
  why: "Both cells pull by tag, at different times.",
  remedy: "Set imageTagMutability IMMUTABLE.",
  enforcement: everywhere,
  controls: [control("iso27001", "A.8.19"), control("soc2", "CC8.1")],
  types: ["aws:ecr/repository:Repository"],
  judge: says("imageTagMutability", "IMMUTABLE", "MUTABLE"),
  examples: {
    passing: { type: "aws:ecr/repository:Repository", props: { imageTagMutability: "IMMUTABLE" } },
    failing: { type: "aws:ecr/repository:Repository", props: { imageTagMutability: "MUTABLE" } },
  },
};
