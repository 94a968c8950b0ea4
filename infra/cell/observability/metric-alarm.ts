import * as aws from "@pulumi/aws";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { type Alarm, description, type Look, type Watched } from "./alarm.ts";

export interface MetricAlarmArgs {
  readonly prefix: string;
  readonly alarm: Alarm;
  readonly topicArn: Input<string>;
}

/** An alarm as CloudWatch has it; it tells the topic when it goes off, and when it is over. */
export const metricAlarm = (
  name: string,
  { prefix, alarm, topicArn }: MetricAlarmArgs,
  options: CustomResourceOptions,
): aws.cloudwatch.MetricAlarm =>
  new aws.cloudwatch.MetricAlarm(
    name,
    {
      name: `${prefix}-${alarm.name}`,
      alarmDescription: description(alarm),
      comparisonOperator: alarm.comparison,
      threshold: alarm.threshold,
      datapointsToAlarm: alarm.breaching[0],
      evaluationPeriods: alarm.breaching[1],
      treatMissingData: alarm.missing,
      alarmActions: [topicArn],
      okActions: [topicArn],
      ...looked(alarm.look, alarm.periodSeconds),
    },
    options,
  );

function looked(look: Look, period: number): Partial<aws.cloudwatch.MetricAlarmArgs> {
  switch (look.kind) {
    case "metric":
      return {
        ...{ namespace: look.of.namespace, metricName: look.of.metric, period },
        dimensions: { ...look.of.dimensions },
        ...(isPercentile(look.of)
          ? // Of a handful of requests the hundredth says nothing.
            { extendedStatistic: look.of.statistic, evaluateLowSampleCountPercentiles: "ignore" }
          : { statistic: look.of.statistic }),
      };
    case "formula":
      return {
        metricQueries: [
          { id: "result", expression: look.formula, returnData: true },
          ...Object.entries(look.of).map(([id, of]) => ({
            id,
            returnData: false,
            metric: {
              ...{ namespace: of.namespace, metricName: of.metric, period, stat: of.statistic },
              dimensions: { ...of.dimensions },
            },
          })),
        ],
      };
    case "query":
      return { metricQueries: [{ id: "result", expression: look.sql, period, returnData: true }] };
    default:
      return look satisfies never;
  }
}

const isPercentile = ({ statistic }: Watched): boolean => statistic.startsWith("p");
