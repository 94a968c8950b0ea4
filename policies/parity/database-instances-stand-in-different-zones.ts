import { exceptPreview, type StackRule } from "../rule.ts";
import { ableToTakeOver } from "./compare/controls.ts";

const INSTANCE = "aws:rds/clusterInstance:ClusterInstance";

export const databaseInstancesStandInDifferentZones: StackRule = {
  about: "stack",
  name: "database-instances-stand-in-different-zones",
  area: "parity",
  severity: "high",
  what: "A cell's member of the global database has two instances at least, each in a zone of its own.",
  why: "With one instance, or two in a zone, the loss of a zone closes the cell: and it may be the only one left.",
  remedy: "Name another availabilityZone for each ClusterInstance.",
  enforcement: exceptPreview,
  controls: ableToTakeOver,
  judge: (stack) => {
    const instances = stack.ofType(INSTANCE);
    const [only, another] = instances;
    if (only && !another)
      return [{ resource: only, property: "instances", found: "one", wanted: "two at least" }];
    const taken = new Set<string>();
    return stack.judgeEach(instances, (instance) => {
      const zone = instance.text("availabilityZone");
      if (zone === undefined)
        return [
          { resource: instance, property: "availabilityZone", found: "AWS's choice", wanted: "a zone" },
        ];
      if (taken.has(zone))
        return [
          {
            resource: instance,
            property: "availabilityZone",
            found: `${zone}, as another`,
            wanted: "a zone of its own",
          },
        ];
      taken.add(zone);
      return [];
    });
  },
  examples: {
    passing: [
      { type: INSTANCE, name: "one", props: { availabilityZone: "eu-west-1a" } },
      { type: INSTANCE, name: "two", props: { availabilityZone: "eu-west-1b" } },
    ],
    failing: [
      { type: INSTANCE, name: "one", props: { availabilityZone: "eu-west-1a" } },
      { type: INSTANCE, name: "two", props: { availabilityZone: "eu-west-1a" } },
    ],
  },
};
