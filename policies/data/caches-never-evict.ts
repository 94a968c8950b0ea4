import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const cachesNeverEvict: ResourceRule = {
  about: "resource",
  name: "caches-never-evict",
  area: "data",
  severity: "high",
  what: "A cache refuses writes when it is full, and throws nothing away.",
  why: "A job that is evicted is one that no worker hears of: what comes after a trade waits for the next.",
  remedy: "Set maxmemory-policy to noeviction in the parameter group.",
  enforcement: everywhere,
  controls: [control("dora", "Art. 9(3)"), control("iso27001", "A.8.6"), control("soc2", "PI1.3")],
  types: ["aws:elasticache/parameterGroup:ParameterGroup"],
  judge: (group) => {
    const set = group.each("parameters").find((each) => each.text("name") === "maxmemory-policy");
    const found = set?.text("value") ?? "AWS's default (volatile-lru)";
    return found === "noeviction"
      ? []
      : [{ resource: group, property: "parameters", found, wanted: "noeviction" }];
  },
  examples: {
    passing: {
      type: "aws:elasticache/parameterGroup:ParameterGroup",
      props: { parameters: [{ name: "maxmemory-policy", value: "noeviction" }] },
    },
    failing: {
      type: "aws:elasticache/parameterGroup:ParameterGroup",
      props: { parameters: [{ name: "maxmemory-policy", value: "allkeys-lru" }] },
    },
  },
};
