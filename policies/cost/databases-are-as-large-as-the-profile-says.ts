import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const databasesAreAsLargeAsTheProfileSays: ResourceRule = {
  about: "resource",
  name: "databases-are-as-large-as-the-profile-says",
  area: "cost",
  severity: "medium",
  what: "A database is of the class that the profile says.",
  why: "A larger one costs for months before anybody looks; a smaller one is found out in a failover.",
  remedy: "Change the class in infra/settings/profiles.ts, for both cells at once.",
  enforcement: everywhere,
  controls: [control("iso27001", "A.8.6")],
  types: ["aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"],
  judge: (instance, { profile }) => {
    const found = instance.text("instanceClass") ?? "none";
    const wanted = [profile.database.instanceClass, profile.journal.instanceClass];
    return wanted.includes(found)
      ? []
      : [{ resource: instance, property: "instanceClass", found, wanted: wanted.join(" or ") }];
  },
  examples: {
    passing: { type: "aws:rds/instance:Instance", props: { instanceClass: "db.r8g.2xlarge" } },
    failing: { type: "aws:rds/instance:Instance", props: { instanceClass: "db.r8g.48xlarge" } },
  },
};
