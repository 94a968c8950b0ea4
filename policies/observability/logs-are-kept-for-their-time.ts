import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const logsAreKeptForTheirTime: ResourceRule = {
  about: "resource",
  name: "logs-are-kept-for-their-time",
  area: "observability",
  severity: "medium",
  what: "A log group keeps its lines as long as the profile says, and not for ever.",
  why: "Without a time CloudWatch keeps them for ever; with too short a one the investigation comes too late.",
  remedy: "Set retentionInDays to at least the profile's keep.logDays.",
  enforcement: everywhere,
  controls: [control("pci", "10.5"), control("iso27001", "A.8.15"), control("dora", "Art. 10(1)")],
  types: ["aws:cloudwatch/logGroup:LogGroup"],
  judge: (group, { profile }) => {
    const days = group.number("retentionInDays");
    return days !== undefined && days >= profile.keep.logDays
      ? []
      : [
          {
            resource: group,
            property: "retentionInDays",
            found: days === undefined ? "for ever" : `${days} days`,
            wanted: `${profile.keep.logDays} days at least`,
          },
        ];
  },
  examples: {
    passing: { type: "aws:cloudwatch/logGroup:LogGroup", props: { retentionInDays: 400 } },
    failing: { type: "aws:cloudwatch/logGroup:LogGroup", props: { retentionInDays: 7 } },
  },
};
