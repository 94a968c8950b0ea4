import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const natGatewaysAreAsManyAsTheProfileSays: ResourceRule = {
  about: "resource",
  name: "nat-gateways-are-as-many-as-the-profile-says",
  area: "cost",
  severity: "low",
  what: "There is a NAT gateway for each zone where the profile says so, and one where it does not.",
  why: "Each costs as much as a small database; too few make one zone the others' way out.",
  remedy: "Set natGateways.strategy from the profile.",
  enforcement: everywhere,
  controls: [control("iso27001", "A.8.6"), control("soc2", "A1.1")],
  types: ["awsx:ec2:Vpc"],
  judge: (vpc, { profile }) => {
    const wanted = profile.natPerZone ? "OnePerAz" : "Single";
    const found = vpc.text("natGateways.strategy") ?? "OnePerAz";
    // Who watches stands aside from trading, and may lose its way out with a zone.
    if (vpc.name.endsWith("-admin")) return [];
    return found === wanted || found === "None"
      ? []
      : [{ resource: vpc, property: "natGateways.strategy", found, wanted }];
  },
  examples: {
    passing: { type: "awsx:ec2:Vpc", props: { natGateways: { strategy: "OnePerAz" } } },
    failing: { type: "awsx:ec2:Vpc", props: { natGateways: { strategy: "Single" } } },
  },
};
