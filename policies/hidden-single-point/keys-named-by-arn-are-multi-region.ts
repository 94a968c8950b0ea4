import { everywhere, type StackRule } from "../rule.ts";
import { standsAlone } from "./naming/controls.ts";
import { textsOf } from "./naming/texts.ts";

/** The ids of multi-Region keys, and of nothing else, begin with mrk-. */
const SINGLE = /arn:aws:kms:[a-z0-9-]+:\d{12}:key\/(?!mrk-)[\w-]+/;
const ALIAS = "aws:kms/alias:Alias";

export const keysNamedByArnAreMultiRegion: StackRule = {
  about: "stack",
  name: "keys-named-by-arn-are-multi-region",
  area: "hidden-single-point",
  severity: "critical",
  what: "A key that the program names by its ARN is a multi-Region one.",
  why: "What a key of one region encrypted is closed for good while that region is gone, wherever the copy lies.",
  remedy: "Name a multi-Region key (key/mrk-…), or use the cell's own key resource.",
  enforcement: everywhere,
  controls: standsAlone,
  judge: (stack) =>
    stack.judgeEach(stack.resources, (resource) =>
      textsOf(resource).flatMap(({ property, text }) => {
        const found = SINGLE.exec(text)?.[0];
        return found ? [{ resource, property, found, wanted: "a key whose id begins with mrk-" }] : [];
      }),
    ),
  examples: {
    passing: [{ type: ALIAS, props: { targetKeyId: "arn:aws:kms:eu-west-1:111122223333:key/mrk-0a1b" } }],
    failing: [{ type: ALIAS, props: { targetKeyId: "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d" } }],
  },
};
