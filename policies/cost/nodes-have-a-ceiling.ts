import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const nodesHaveACeiling: ResourceRule = {
  about: "resource",
  name: "nodes-have-a-ceiling",
  area: "cost",
  severity: "medium",
  what: "A group of nodes grows no further than the profile says.",
  why: "A loop that starts pods must not start machines without end.",
  remedy: "Set scalingConfig.maxSize to the profile's nodes.max at most.",
  enforcement: everywhere,
  controls: [control("iso27001", "A.8.6"), control("soc2", "A1.1")],
  types: ["aws:eks/nodeGroup:NodeGroup"],
  judge: (group, { profile }) => {
    const found = group.number("scalingConfig.maxSize");
    return found !== undefined && found <= profile.nodes.max
      ? []
      : [
          {
            resource: group,
            property: "scalingConfig.maxSize",
            found: String(found ?? "none"),
            wanted: `${profile.nodes.max} at most`,
          },
        ];
  },
  examples: {
    passing: { type: "aws:eks/nodeGroup:NodeGroup", props: { scalingConfig: { maxSize: 12 } } },
    failing: { type: "aws:eks/nodeGroup:NodeGroup", props: { scalingConfig: { maxSize: 500 } } },
  },
};
