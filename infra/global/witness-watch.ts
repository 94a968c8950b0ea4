import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import type { CellContext } from "../cell/context.ts";
import type { Alarm, Watched } from "../cell/observability/alarm.ts";
import { metricAlarm } from "../cell/observability/metric-alarm.ts";
import { topicPolicy } from "../cell/observability/notices-topic.ts";

export interface WitnessWatchArgs {
  readonly context: CellContext;
  /** Of the third region. */
  readonly witness: aws.Provider;
  readonly tableName: string;
  /** The witness's key, which CloudWatch may use. */
  readonly keyArn: Input<string>;
}

/**
 * Whether the witness takes requests, told from its own region: an alarm can only tell a topic that is beside it.
 * DynamoDB counts only what reached it: that it cannot be reached at all, castle readiness tells.
 */
export class WitnessWatch extends ComponentResource {
  readonly topicArn: Output<string>;

  constructor(name: string, args: WitnessWatchArgs, opts?: ComponentResourceOptions) {
    super("castle:global:WitnessWatch", name, {}, opts);
    const { context, witness, tableName, keyArn } = args;
    const { settings, names } = context;
    const here = { parent: this, provider: witness };
    const topic = new aws.sns.Topic(
      `${name}-notices`,
      { name: `${names.prefix}-witness-notices`, displayName: "Castle", kmsMasterKeyId: keyArn },
      here,
    );
    new aws.sns.TopicPolicy(
      `${name}-notices`,
      {
        arn: topic.arn,
        policy: topic.arn.apply((arn) => topicPolicy(arn, settings.account, { events: false })),
      },
      here,
    );
    new aws.sns.TopicSubscription(
      `${name}-notices`,
      { topic: topic.arn, protocol: "email", endpoint: settings.alertEmail },
      here,
    );
    for (const alarm of witnessAlarms(tableName))
      metricAlarm(`${name}-${alarm.name}`, { prefix: names.prefix, alarm, topicArn: topic.arn }, here);

    this.topicArn = topic.arn;
    this.registerOutputs({ topicArn: this.topicArn });
  }
}

/**
 * A handful of requests a second, on demand: one that is throttled or fails is news. DynamoDB tells of these only where
 * there are some, so that silence is good. Source: DynamoDB Developer Guide, "Metrics and dimensions". Pure.
 */
export function witnessAlarms(table: string): readonly Alarm[] {
  const sum = (metric: string, operation?: string): Watched => ({
    ...{ namespace: "AWS/DynamoDB", metric, statistic: "Sum" },
    dimensions: { TableName: table, ...(operation === undefined ? {} : { Operation: operation }) },
  });
  const any = {
    comparison: "GreaterThanThreshold",
    threshold: 0,
    periodSeconds: 60,
    breaching: [1, 1],
    missing: "notBreaching",
  } as const;
  return [
    {
      ...any,
      name: "witness-throttled",
      why: "The witness turns requests away: a cell may be unable to go solo, and a handover to take the role.",
      mend: "castle status shows whether the witness answers now; look for whoever asks the table so often (CloudTrail), and at the account's DynamoDB quotas in its region.",
      look: {
        kind: "formula",
        formula: "FILL(read, 0) + FILL(write, 0)",
        of: { read: sum("ReadThrottleEvents"), write: sum("WriteThrottleEvents") },
      },
    },
    {
      ...any,
      name: "witness-errors",
      why: "DynamoDB fails requests of the witness (HTTP 500): who is active may be unreadable for a while.",
      mend: "castle status shows whether it answers now, AWS Health whether the region is impaired. Begin no handover that can wait; trading in paired mode goes on without the witness.",
      look: {
        kind: "formula",
        formula: "FILL(read, 0) + FILL(write, 0)",
        of: { read: sum("SystemErrors", "GetItem"), write: sum("SystemErrors", "PutItem") },
      },
    },
  ];
}
