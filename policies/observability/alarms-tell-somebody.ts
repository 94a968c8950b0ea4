import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const alarmsTellSomebody: ResourceRule = {
  about: "resource",
  name: "alarms-tell-somebody",
  area: "observability",
  severity: "high",
  what: "An alarm tells somebody when it goes off.",
  why: "An alarm that only turns red on a page is seen after the traders have called.",
  remedy: "Set alarmActions to the cell's notices topic.",
  enforcement: everywhere,
  controls: [
    control("iso27001", "A.8.16"),
    control("soc2", "CC7.2"),
    control("nist", "DE.AE-06"),
    control("dora", "Art. 10(1)"),
  ],
  types: ["aws:cloudwatch/metricAlarm:MetricAlarm"],
  judge: (alarm) => {
    const silent = {
      resource: alarm,
      property: "alarmActions",
      found: "nobody",
      wanted: "the notices topic",
    };
    if (alarm.value("actionsEnabled") === false) return [silent];
    // Whom it tells may be known only later; that it tells somebody is known now.
    const actions = alarm.has("alarmActions") ? alarm.facts.props["alarmActions"] : [];
    return Array.isArray(actions) && actions.length === 0 ? [silent] : [];
  },
  examples: {
    passing: {
      type: "aws:cloudwatch/metricAlarm:MetricAlarm",
      props: { alarmActions: ["arn:aws:sns:eu-west-1:111122223333:notices"] },
    },
    failing: { type: "aws:cloudwatch/metricAlarm:MetricAlarm", props: { alarmActions: [] } },
  },
};
