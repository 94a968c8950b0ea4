import type { Dimension, StandardUnit } from "@aws-sdk/client-cloudwatch";

/** What a metric is known by: two with other dimensions are two metrics. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What a metric was at one moment. */
export interface Reading extends MetricName {
  readonly unit: StandardUnit;
  readonly value: number;
}

/** One name, whatever the order of its dimensions. */
export const metricKey = ({ namespace, name, dimensions }: MetricName): string =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);

/** As a request names it. */
export const metricNamed = (
  namespace: string | undefined,
  name: string | undefined,
  dimensions: readonly Dimension[] = [],
): MetricName => ({
  namespace: namespace ?? "",
  name: name ?? "",
  dimensions: Object.fromEntries(dimensions.map(({ Name = "", Value = "" }) => [Name, Value])),
});

/** As an answer names it. */
export const described = ({ namespace, name, dimensions }: MetricName) => ({
  Namespace: namespace,
  MetricName: name,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
});
