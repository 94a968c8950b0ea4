import { control } from "../frameworks.ts";
import { statementsIn, textsOf } from "../judged/statements.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

/** Actions for which AWS has no resource to name, beside those that only look. */
const nothingToName = new Set([
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
  "cloudwatch:PutMetricData",
]);

const looksOnly = (action: string): boolean =>
  /^[a-z0-9-]+:(Describe|List|Get|Lookup|Search)/.test(action) || nothingToName.has(action);

export const policiesNameTheirResources: ResourceRule = {
  about: "resource",
  name: "policies-name-their-resources",
  area: "identity",
  severity: "high",
  what: "A policy that allows to change something names what.",
  why: "A role that may change anything of a kind may change the other environment's.",
  remedy: "Name the resources, or add a condition that narrows them; what only looks may look everywhere.",
  enforcement: everywhere,
  controls: [
    control("pci", "7.2"),
    control("iso27001", "A.5.15"),
    control("soc2", "CC6.3"),
    control("nist", "PR.AA-05"),
  ],
  types: ["aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy"],
  judge: (policy) =>
    statementsIn(policy.value("policy"))
      .filter(
        ({ Effect, Condition, Resource, NotResource }) =>
          Effect === "Allow" && !Condition && (textsOf(Resource).includes("*") || NotResource !== undefined),
      )
      .flatMap(({ Action }) => textsOf(Action))
      .filter((action) => !looksOnly(action))
      .map((found) => ({
        resource: policy,
        property: "policy",
        found: `${found} on everything`,
        wanted: "resources by name",
      })),
  examples: {
    passing: {
      type: "aws:iam/policy:Policy",
      props: {
        policy: JSON.stringify({
          Statement: [{ Effect: "Allow", Action: "ec2:DescribeVpcs", Resource: "*" }],
        }),
      },
    },
    failing: {
      type: "aws:iam/policy:Policy",
      props: {
        policy: JSON.stringify({
          Statement: [{ Effect: "Allow", Action: "ec2:TerminateInstances", Resource: "*" }],
        }),
      },
    },
  },
};
