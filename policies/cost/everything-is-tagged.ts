import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const everythingIsTagged: ResourceRule = {
  about: "resource",
  name: "everything-is-tagged",
  area: "cost",
  severity: "medium",
  what: "Everything that can be tagged says which platform, environment and stack it belongs to.",
  why: "Costs are told apart by it, and so is what an operator may delete.",
  remedy: "Give the AWS provider the defaultTags of infra/providers.ts.",
  enforcement: everywhere,
  controls: [control("iso27001", "A.5.9"), control("soc2", "CC6.1"), control("nist", "ID.AM-02")],
  types: ["pulumi:providers:aws"],
  judge: (provider) => {
    const tags = JSON.stringify(provider.value("defaultTags") ?? {});
    const missing = ["castle:platform", "castle:environment", "castle:stack"].filter(
      (tag) => !tags.includes(tag),
    );
    return missing.length === 0
      ? []
      : [
          {
            resource: provider,
            property: "defaultTags",
            found: `without ${missing.join(", ")}`,
            wanted: "the platform's tags",
          },
        ];
  },
  examples: {
    passing: {
      type: "pulumi:providers:aws",
      props: {
        defaultTags: {
          tags: { "castle:platform": "castle", "castle:environment": "production", "castle:stack": "prd" },
        },
      },
    },
    failing: { type: "pulumi:providers:aws", props: { region: "eu-west-1" } },
  },
};
