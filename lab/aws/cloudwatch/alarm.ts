import type { MetricAlarm, PutMetricAlarmInput, StateValue } from "@aws-sdk/client-cloudwatch";
import {
  InvalidParameterCombinationException$,
  InvalidParameterValueException$,
} from "@aws-sdk/client-cloudwatch";
import { modelledFault } from "../fault.ts";
import { described, type MetricName, metricNamed } from "./metric.ts";
import { datapoints, isPeriod, type Sample, type Statistic, statistics } from "./statistics.ts";

const comparisons = {
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
} as const;

const treatments = ["breaching", "notBreaching", "ignore", "missing"] as const;

/** An alarm on one metric and one statistic of it: what the lab has of CloudWatch's alarms. */
export interface Alarm {
  readonly name: string;
  readonly description: string | undefined;
  readonly metric: MetricName;
  readonly statistic: Statistic;
  readonly periodSeconds: number;
  readonly periods: number;
  readonly threshold: number;
  readonly comparison: keyof typeof comparisons;
  readonly missing: (typeof treatments)[number];
  readonly actions: readonly string[];
  readonly configuredAt: Date;
  /** As it was found last, and since when. */
  state: StateValue;
  reason: string;
  since: Date;
}

/** @throws AwsFault for an alarm that CloudWatch would not take, or that the lab could not judge */
export function alarmOf(input: PutMetricAlarmInput, now: Date): Alarm {
  const { MetricName, Namespace, Statistic, Period, EvaluationPeriods, Threshold, ComparisonOperator } =
    input;
  if (
    input.Metrics !== undefined ||
    input.ExtendedStatistic !== undefined ||
    input.EvaluationCriteria !== undefined
  )
    throw modelledFault(
      InvalidParameterCombinationException$,
      "the lab's alarms watch one Statistic of one MetricName; it has no metric math, percentile or PromQL",
    );
  const needed = { MetricName, Namespace, Statistic, Period, EvaluationPeriods, Threshold };
  const lacking = Object.entries(needed).find(([, value]) => value === undefined)?.[0];
  if (lacking) throw invalid(`${lacking} is required for an alarm on a metric`);
  if (!isPeriod(Period ?? 0)) throw invalid("Period must be 10, 20, 30 or a multiple of 60");
  return {
    name: input.AlarmName ?? "",
    description: input.AlarmDescription,
    metric: metricNamed(Namespace, MetricName, input.Dimensions),
    statistic: oneOf(statistics, Statistic, "Statistic"),
    periodSeconds: Period ?? 60,
    periods: EvaluationPeriods ?? 1,
    threshold: Threshold ?? 0,
    comparison: oneOf(
      Object.keys(comparisons) as (keyof typeof comparisons)[],
      ComparisonOperator,
      "ComparisonOperator",
    ),
    missing: oneOf(treatments, input.TreatMissingData ?? "missing", "TreatMissingData"),
    actions: input.AlarmActions ?? [],
    configuredAt: now,
    ...{ state: "INSUFFICIENT_DATA", reason: "Unchecked: Initial alarm creation", since: now },
  };
}

/**
 * What the latest datapoints make of it: ALARM when every one of the last periods breaches. The period that has just begun
 * counts as soon as it has a sample. Pure.
 */
export function judgeAlarm(
  alarm: Pick<
    Alarm,
    "comparison" | "missing" | "periods" | "periodSeconds" | "statistic" | "threshold" | "state"
  >,
  samples: readonly Sample[],
  now: number,
): { readonly state: StateValue; readonly reason: string } {
  const periodMs = alarm.periodSeconds * 1_000;
  const found = datapoints(samples, { from: now - alarm.periods * periodMs, to: now + 1, periodMs })
    .slice(-alarm.periods)
    .map((datapoint) => datapoint[alarm.statistic]);
  if (found.length === 0)
    switch (alarm.missing) {
      case "missing":
        return { state: "INSUFFICIENT_DATA", reason: "Insufficient Data: no datapoints were received" };
      case "ignore":
        return { state: alarm.state, reason: "no datapoints were received, and missing ones are ignored" };
      case "notBreaching":
        return { state: "OK", reason: "no datapoints were received, and missing ones do not breach" };
      case "breaching":
        break;
    }
  const breaching = found.filter((value) => comparisons[alarm.comparison](value, alarm.threshold));
  const missing = alarm.missing === "breaching" ? alarm.periods - found.length : 0;
  const told = `${found.length} datapoint(s) [${found.join(", ")}], threshold ${alarm.threshold} (${alarm.comparison})`;
  return breaching.length + missing >= alarm.periods
    ? { state: "ALARM", reason: `Threshold Crossed: ${told}` }
    : { state: "OK", reason: `Threshold not crossed: ${told}` };
}

export function describeAlarm(alarm: Alarm, arn: string): MetricAlarm {
  return {
    AlarmName: alarm.name,
    AlarmArn: arn,
    ...(alarm.description === undefined ? {} : { AlarmDescription: alarm.description }),
    AlarmConfigurationUpdatedTimestamp: alarm.configuredAt,
    ActionsEnabled: true,
    OKActions: [],
    AlarmActions: [...alarm.actions],
    InsufficientDataActions: [],
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateUpdatedTimestamp: alarm.since,
    StateTransitionedTimestamp: alarm.since,
    ...described(alarm.metric),
    Statistic: alarm.statistic,
    Period: alarm.periodSeconds,
    EvaluationPeriods: alarm.periods,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    TreatMissingData: alarm.missing,
  };
}

function oneOf<Known extends string>(
  known: readonly Known[],
  value: string | undefined,
  name: string,
): Known {
  const found = known.find((one) => one === value);
  if (found === undefined)
    throw invalid(`${name} must be one of ${known.join(", ")}, got ${value ?? "none"}`);
  return found;
}

const invalid = (message: string) => modelledFault(InvalidParameterValueException$, message);
