import { exceptPreview, type PairRule } from "../rule.ts";
import { alike } from "./compare/alike.ts";
import { ableToTakeOver } from "./compare/controls.ts";

export const cellsCarryTheSameTags: PairRule = {
  about: "pair",
  name: "cells-carry-the-same-tags",
  area: "parity",
  severity: "low",
  what: "Both cells' AWS providers give the same default tags, but for the stack's own name.",
  why: "Costs, inventory and rights go by tags: half a platform under others is half a platform unseen.",
  remedy: "Set default tags in infra/providers.ts for both.",
  enforcement: exceptPreview,
  controls: ableToTakeOver,
  judge: (home, peer) =>
    alike(home, peer, {
      types: ["pulumi:providers:aws"],
      properties: [
        "defaultTags.tags.castle:platform",
        "defaultTags.tags.castle:environment",
        "defaultTags.tags.castle:managed-by",
      ],
      only: ({ name }) => name === "cell",
    }),
  examples: {
    passing: {
      home: [
        {
          type: "pulumi:providers:aws",
          name: "cell",
          props: { defaultTags: { tags: { "castle:environment": "production" } } },
        },
      ],
      peer: [
        {
          type: "pulumi:providers:aws",
          name: "cell",
          props: { defaultTags: { tags: { "castle:environment": "production" } } },
        },
      ],
    },
    failing: {
      home: [
        {
          type: "pulumi:providers:aws",
          name: "cell",
          props: { defaultTags: { tags: { "castle:environment": "production" } } },
        },
      ],
      peer: [
        {
          type: "pulumi:providers:aws",
          name: "cell",
          props: { defaultTags: { tags: { "castle:environment": "prod" } } },
        },
      ],
    },
  },
};
