import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { sdk } from "./sdk.ts";

/** An alarm that has gone off. */
export interface Alarm {
  readonly name: string;
  readonly reason: string;
  /** Milliseconds since 1970; null when it is not told. */
  readonly since: number | null;
}

/** The alarms whose names begin with `prefix` and that are in ALARM now, composite ones among them. */
export async function alarmsGoneOff(client: CloudWatchClient, prefix: string): Promise<readonly Alarm[]> {
  const alarms: Alarm[] = [];
  const pages = sdk.cloudWatch.paginateDescribeAlarms(
    { client },
    { AlarmNamePrefix: prefix, StateValue: "ALARM", AlarmTypes: ["MetricAlarm", "CompositeAlarm"] },
  );
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of pages)
    for (const { AlarmName, StateReason, StateUpdatedTimestamp } of [...MetricAlarms, ...CompositeAlarms])
      alarms.push({
        name: AlarmName ?? "unnamed",
        reason: StateReason ?? "no reason told",
        since: StateUpdatedTimestamp?.getTime() ?? null,
      });
  return alarms;
}
