import {
  DeleteAlarms$,
  type DeleteAlarmsInput,
  DescribeAlarms$,
  type DescribeAlarmsInput,
  GetMetricData$,
  type GetMetricDataInput,
  GetMetricStatistics$,
  type GetMetricStatisticsInput,
  InternalServiceFault$,
  InvalidNextToken$,
  InvalidParameterCombinationException$,
  ListMetrics$,
  type ListMetricsInput,
  PutMetricAlarm$,
  type PutMetricAlarmInput,
  ResourceNotFound$,
} from "@aws-sdk/client-cloudwatch";
import { regionNames } from "@castle/regions/catalogue.ts";
import { modelledFault, rateExceeded } from "../fault.ts";
import { pageOf } from "../paginate.ts";
import { type AwsService, type Call, operation, type ServiceParts } from "../service.ts";
import { bySight } from "../wire/by-sight.ts";
import { jsonProtocol } from "../wire/json.ts";
import { queryProtocol } from "../wire/query.ts";
import { Alarms } from "./alarms.ts";
import { described, metricKey, metricNamed } from "./metric.ts";
import { pageOfResults, periodOf, spanOf, statisticNamed, wantedOf } from "./metric-data.ts";
import { datapoints } from "./statistics.ts";

/** As documented: more datapoints than that come on further pages. */
const MOST_DATAPOINTS = 100_800;
const METRICS_A_PAGE = 500;
const DAY_MS = 86_400_000;

/**
 * CloudWatch: the metrics that AWS publishes of the lab's processes, and alarms on them. Newer clients speak JSON with it
 * and older ones Query; it answers each in its own.
 */
export function cloudWatch({ identifiers, metrics }: ServiceParts): AwsService {
  const alarms = new Alarms(metrics, identifiers);

  async function getMetricData(input: GetMetricDataInput, { region }: Call) {
    const wanted = wantedOf(input);
    const span = spanOf(input);
    const found = await Promise.all(
      wanted.map(async (one) => ({
        wanted: one,
        samples: (await metrics.find(region, one.metric))?.samples ?? [],
      })),
    );
    return pageOfResults(found, span, {
      most: input.MaxDatapoints ?? MOST_DATAPOINTS,
      token: input.NextToken,
      newestFirst: input.ScanBy !== "TimestampAscending",
    });
  }

  async function getMetricStatistics(input: GetMetricStatisticsInput, { region }: Call) {
    const { Namespace, MetricName, Dimensions, Statistics = [], ExtendedStatistics } = input;
    if (Statistics.length === 0 || ExtendedStatistics !== undefined)
      throw modelledFault(
        InvalidParameterCombinationException$,
        "Must specify Statistics; the lab has no ExtendedStatistics",
      );
    const wanted = Statistics.map(statisticNamed);
    const periodMs = periodOf(input.Period);
    const series = await metrics.find(region, metricNamed(Namespace, MetricName, Dimensions));
    const points = datapoints(series?.samples ?? [], { ...spanOf(input), periodMs });
    return {
      Label: MetricName,
      Datapoints: points.map((point) => ({
        Timestamp: new Date(point.at),
        ...Object.fromEntries(wanted.map((statistic) => [statistic, point[statistic]])),
        ...(series && { Unit: series.unit }),
      })),
    };
  }

  async function listMetrics(input: ListMetricsInput, { region }: Call) {
    const { Namespace, MetricName, Dimensions = [], RecentlyActive } = input;
    const known = (await metrics.seriesIn(region))
      .filter(({ namespace }) => Namespace === undefined || namespace === Namespace)
      .filter(({ name }) => MetricName === undefined || name === MetricName)
      .filter(({ dimensions }) =>
        Dimensions.every(({ Name = "", Value }) =>
          Value === undefined ? Object.hasOwn(dimensions, Name) : dimensions[Name] === Value,
        ),
      )
      .filter(
        ({ samples }) => RecentlyActive === undefined || Date.now() - (samples.at(-1)?.at ?? 0) < DAY_MS / 8,
      );
    const page = requirePage(known, metricKey, METRICS_A_PAGE, input.NextToken);
    return { Metrics: page.items.map(described), ...page.next };
  }

  async function describeAlarms(input: DescribeAlarmsInput, { region }: Call) {
    const {
      AlarmNames,
      AlarmNamePrefix = "",
      AlarmTypes = ["MetricAlarm"],
      StateValue,
      ActionPrefix,
    } = input;
    if (AlarmNames !== undefined && input.AlarmNamePrefix !== undefined)
      throw modelledFault(
        InvalidParameterCombinationException$,
        "AlarmNames and AlarmNamePrefix cannot be specified together",
      );
    const all = AlarmTypes.includes("MetricAlarm") ? await alarms.judgedIn(region) : [];
    const wanted = all
      .filter(
        ({ AlarmName = "" }) => AlarmNames?.includes(AlarmName) ?? AlarmName.startsWith(AlarmNamePrefix),
      )
      .filter((alarm) => StateValue === undefined || alarm.StateValue === StateValue)
      .filter(
        ({ AlarmActions = [] }) =>
          ActionPrefix === undefined || AlarmActions.some((action) => action.startsWith(ActionPrefix)),
      );
    const page = requirePage(
      wanted,
      ({ AlarmName = "" }) => AlarmName,
      input.MaxRecords ?? 50,
      input.NextToken,
    );
    return { MetricAlarms: [...page.items], CompositeAlarms: [], ...page.next };
  }

  async function putMetricAlarm(input: PutMetricAlarmInput, { region }: Call): Promise<undefined> {
    alarms.put(region, input);
  }

  async function deleteAlarms({ AlarmNames = [] }: DeleteAlarmsInput, { region }: Call): Promise<undefined> {
    const unknown = AlarmNames.filter((name) => !alarms.has(region, name));
    if (unknown.length > 0) throw modelledFault(ResourceNotFound$, `Unknown alarms: ${unknown.join(", ")}`);
    for (const name of AlarmNames) alarms.delete(region, name);
  }

  return {
    signingName: "monitoring",
    regions: [...regionNames, "us-west-2"],
    protocol: bySight({
      json: jsonProtocol({
        version: "1.0",
        serviceTarget: "GraniteServiceVersion20100801",
        queryCompatible: true,
      }),
      query: queryProtocol({
        version: "2010-08-01",
        xmlNamespace: "http://monitoring.amazonaws.com/doc/2010-08-01/",
      }),
    }),
    failures: {
      throttled: rateExceeded,
      internal: () => modelledFault(InternalServiceFault$, "Internal service failure; try again."),
    },
    operations: [
      operation<GetMetricDataInput>(GetMetricData$, getMetricData, {
        MetricDataQueries: { min: 1, max: 500 },
        MaxDatapoints: { min: 1, max: MOST_DATAPOINTS },
      }),
      operation<GetMetricStatisticsInput>(GetMetricStatistics$, getMetricStatistics, {
        Statistics: { min: 1, max: 5 },
        Dimensions: { min: 0, max: 30 },
      }),
      operation<ListMetricsInput>(ListMetrics$, listMetrics, { Dimensions: { min: 0, max: 10 } }),
      operation<DescribeAlarmsInput>(DescribeAlarms$, describeAlarms, {
        AlarmNames: { min: 0, max: 100 },
        MaxRecords: { min: 1, max: 100 },
      }),
      operation<PutMetricAlarmInput>(PutMetricAlarm$, putMetricAlarm, {
        EvaluationPeriods: { min: 1, max: 1_440 },
        AlarmActions: { min: 0, max: 5 },
      }),
      operation<DeleteAlarmsInput>(DeleteAlarms$, deleteAlarms, { AlarmNames: { min: 1, max: 100 } }),
    ],
  };
}

function requirePage<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  most: number,
  token: string | undefined,
) {
  const page = pageOf(items, keyOf, { MaxRecords: most, Marker: token });
  if (page === null) throw modelledFault(InvalidNextToken$, "The specified nextToken is invalid.");
  return { items: page.items, next: page.Marker === undefined ? {} : { NextToken: page.Marker } };
}
