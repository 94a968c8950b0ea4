import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const alarmsSayWhatToDo: ResourceRule = {
  about: "resource",
  name: "alarms-say-what-to-do",
  area: "observability",
  severity: "low",
  what: "An alarm says why it matters and what to do.",
  why: "Who is woken at three in the morning reads one sentence.",
  remedy: "Write an alarmDescription of a sentence or more.",
  enforcement: everywhere,
  controls: [control("iso27001", "A.5.37"), control("soc2", "CC7.3")],
  types: ["aws:cloudwatch/metricAlarm:MetricAlarm"],
  judge: (alarm) =>
    (alarm.text("alarmDescription") ?? "").length >= 40
      ? []
      : [
          {
            resource: alarm,
            property: "alarmDescription",
            found: alarm.text("alarmDescription") ?? "none",
            wanted: "a sentence",
          },
        ],
  examples: {
    passing: {
      type: "aws:cloudwatch/metricAlarm:MetricAlarm",
      props: {
        alarmDescription:
          "The journal cannot be written: new orders are refused. castle status tells whether the cell is solo.",
      },
    },
    failing: { type: "aws:cloudwatch/metricAlarm:MetricAlarm", props: { alarmDescription: "journal" } },
  },
};
