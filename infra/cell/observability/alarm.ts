import type { Input } from "@pulumi/pulumi";

/** One metric, or one of several that a formula speaks of. */
export interface Watched {
  readonly namespace: string;
  readonly metric: string;
  /** Average, Maximum, Sum …, or a percentile such as p99. */
  readonly statistic: string;
  readonly dimensions: Readonly<Record<string, Input<string>>>;
}

/** What an alarm looks at: one metric; a formula over several, by their ids; or a query over whatever dimensions there are. */
export type Look =
  | { readonly kind: "metric"; readonly of: Watched }
  | { readonly kind: "formula"; readonly formula: string; readonly of: Readonly<Record<string, Watched>> }
  | { readonly kind: "query"; readonly sql: string };

/** An alarm as plain data. */
export interface Alarm {
  /** Follows the cell's prefix. */
  readonly name: string;
  /** What it means for traders, or for a takeover. */
  readonly why: string;
  /** What whoever is woken does first. */
  readonly mend: string;
  readonly look: Look;
  readonly comparison: "GreaterThanThreshold" | "GreaterThanOrEqualToThreshold" | "LessThanThreshold";
  readonly threshold: number;
  readonly periodSeconds: 60 | 300;
  /** So many of the last so many periods. */
  readonly breaching: readonly [datapoints: number, of: number];
  /**
   * What no datapoint means. `notBreaching`: the metric is there in one role only, or only under load. `breaching`: it is
   * always there, and silence is the worst of news. `ignore`: it tells of changes, and what it told last holds.
   */
  readonly missing: "notBreaching" | "breaching" | "ignore";
}

/** What a person reads when it goes off; CloudWatch takes 1,024 characters. */
export const description = ({ why, mend }: Pick<Alarm, "why" | "mend">): string =>
  `${why} What to do: ${mend}`;
