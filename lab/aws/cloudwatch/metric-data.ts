import {
  type GetMetricDataInput,
  InvalidNextToken$,
  InvalidParameterValueException$,
  type MetricDataQuery,
  type MetricDataResult,
  ValidationException$,
} from "@aws-sdk/client-cloudwatch";
import { modelledFault } from "../fault.ts";
import { type MetricName, metricNamed } from "./metric.ts";
import { datapoints, isPeriod, type Sample, type Statistic, statistics } from "./statistics.ts";

/** One metric that GetMetricData is asked for. */
export interface Wanted {
  readonly id: string;
  readonly label: string;
  readonly metric: MetricName;
  readonly statistic: Statistic;
  readonly periodMs: number;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** @throws AwsFault for what CloudWatch refuses, and for metric math, percentiles and other accounts, which the lab has not */
export function wantedOf({ MetricDataQueries = [] }: GetMetricDataInput): readonly Wanted[] {
  const ids = MetricDataQueries.map(({ Id }) => Id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined)
    throw modelledFault(
      ValidationException$,
      `The values for parameter id in MetricDataQueries are not unique: ${twice}`,
    );
  return MetricDataQueries.filter(({ ReturnData }) => ReturnData !== false).map(wanted);
}

function wanted({ Id = "", MetricStat: stat, Expression, Label, AccountId }: MetricDataQuery): Wanted {
  if (!/^[a-z][A-Za-z0-9_]*$/.test(Id))
    throw modelledFault(
      ValidationException$,
      `The value ${Id} for parameter MetricDataQueries.member.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$`,
    );
  if (Expression !== undefined || AccountId !== undefined || !stat)
    throw modelledFault(
      ValidationException$,
      `${Id}: the lab has MetricStat queries of its own account only`,
    );
  const { MetricName, Namespace, Dimensions } = stat.Metric ?? {};
  return {
    id: Id,
    label: Label ?? MetricName ?? Id,
    metric: metricNamed(Namespace, MetricName, Dimensions),
    statistic: statisticNamed(stat.Stat),
    periodMs: periodOf(stat.Period),
  };
}

/** @throws AwsFault InvalidParameterValue */
export function statisticNamed(name: string | undefined): Statistic {
  const found = statistics.find((one) => one === name);
  if (found === undefined)
    throw modelledFault(
      InvalidParameterValueException$,
      `The value ${name} for parameter Stat is not supported; the lab has ${statistics.join(", ")}`,
    );
  return found;
}

/** In milliseconds. @throws AwsFault InvalidParameterValue */
export function periodOf(seconds: number | undefined): number {
  if (seconds === undefined || !isPeriod(seconds))
    throw modelledFault(
      InvalidParameterValueException$,
      `The value ${seconds} for parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60`,
    );
  return seconds * 1_000;
}

/** @throws AwsFault ValidationError for a span that holds nothing */
export function spanOf({
  StartTime,
  EndTime,
}: {
  StartTime?: Date | undefined;
  EndTime?: Date | undefined;
}): Span {
  const span = { from: StartTime?.getTime() ?? 0, to: EndTime?.getTime() ?? 0 };
  if (span.from < span.to) return span;
  throw modelledFault(
    ValidationException$,
    "The parameter StartTime must be less than the parameter EndTime.",
  );
}

/**
 * One page of results: at most `most` datapoints of all metrics together, from where the token says. A metric whose
 * datapoints go on on the next page is PartialData on this one. Pure.
 */
export function pageOfResults(
  found: readonly { readonly wanted: Wanted; readonly samples: readonly Sample[] }[],
  span: Span,
  page: { readonly most: number; readonly token: string | undefined; readonly newestFirst: boolean },
): { readonly MetricDataResults: MetricDataResult[]; readonly NextToken?: string } {
  const begins = page.token === undefined ? 0 : readToken(page.token);
  const ends = begins + page.most;
  let position = 0;
  const results = found.flatMap(({ wanted: { id, label, statistic, periodMs }, samples }) => {
    const points = datapoints(samples, { ...span, periodMs });
    const ordered = page.newestFirst ? points.toReversed() : points;
    const [first, last] = [position, position + ordered.length];
    position = last;
    const own = ordered.slice(Math.max(0, begins - first), Math.max(0, ends - first));
    // A metric without datapoints is told once, on the first page.
    if (own.length === 0 && (ordered.length > 0 || begins > 0)) return [];
    const result: MetricDataResult = {
      Id: id,
      Label: label,
      Timestamps: own.map(({ at }) => new Date(at)),
      Values: own.map((point) => point[statistic]),
      StatusCode: last > ends ? "PartialData" : "Complete",
    };
    return [result];
  });
  return { MetricDataResults: results, ...(position > ends && { NextToken: writeToken(ends) }) };
}

const prefix = "castle-lab:";
const writeToken = (offset: number): string => Buffer.from(`${prefix}${offset}`).toString("base64");

function readToken(token: string): number {
  const text = Buffer.from(token, "base64").toString("utf8");
  const offset = Number(text.slice(prefix.length));
  if (!text.startsWith(prefix) || !Number.isInteger(offset) || offset < 0)
    throw modelledFault(InvalidNextToken$, "The specified nextToken is invalid.");
  return offset;
}
