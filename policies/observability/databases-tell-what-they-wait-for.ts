import { control } from "../frameworks.ts";
import { isOn } from "../judged/wants.ts";
import { exceptPreview, type ResourceRule } from "../rule.ts";

export const databasesTellWhatTheyWaitFor: ResourceRule = {
  about: "resource",
  name: "databases-tell-what-they-wait-for",
  area: "observability",
  severity: "low",
  what: "A database records what its sessions wait for.",
  why: "When p99 rises, that is the first thing one wants to know, and it cannot be had afterwards.",
  remedy: "Set performanceInsightsEnabled.",
  enforcement: exceptPreview,
  controls: [control("iso27001", "A.8.6"), control("soc2", "A1.1")],
  types: ["aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"],
  judge: isOn("performanceInsightsEnabled"),
  examples: {
    passing: { type: "aws:rds/instance:Instance", props: { performanceInsightsEnabled: true } },
    failing: { type: "aws:rds/instance:Instance", props: { instanceClass: "db.r8g.large" } },
  },
};
