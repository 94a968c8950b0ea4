import { peerOf } from "@castle/regions/catalogue.ts";
import { exceptPreview, type StackRule } from "../rule.ts";
import { standsAlone } from "./naming/controls.ts";
import { named } from "./naming/named.ts";

export const noArnOfTheOtherRegion: StackRule = {
  about: "stack",
  name: "no-arn-of-the-other-region",
  area: "hidden-single-point",
  severity: "critical",
  what: "No input of a cell names an ARN of the other cell's region, but for those that are meant.",
  why: "A cell that uses what is in the other region stops with it, and nobody sees that before it does.",
  remedy:
    "Name the cell's own, or add the property with its reason to hidden-single-point/naming/to-the-peer.ts.",
  enforcement: exceptPreview,
  controls: standsAlone,
  judge: (stack, { region }) => {
    const there = new RegExp(`arn:aws:[a-z0-9-]+:${peerOf(region)}:[^"\\s]*`);
    return stack.judgeEach(stack.resources, (resource) =>
      named(resource, there, { as: "names", wanted: "nothing of the other region" }),
    );
  },
  examples: {
    passing: [
      {
        type: "aws:lambda/function:Function",
        props: { layers: ["arn:aws:lambda:eu-west-1:111122223333:layer:a:1"] },
      },
    ],
    failing: [
      {
        type: "aws:lambda/function:Function",
        props: { layers: ["arn:aws:lambda:eu-central-1:111122223333:layer:a:1"] },
      },
    ],
  },
};
