import * as aws from "@pulumi/aws";
import { all, ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import type { CellContext } from "../context.ts";
import type { KeyPart, ObservabilityPart } from "../parts.ts";
import { alarmsOf } from "./alarms.ts";
import { dashboardBody } from "./dashboard.ts";
import { metricAlarm } from "./metric-alarm.ts";
import { NoticesTopic } from "./notices-topic.ts";
import { logCounts, logNamespace, servicesLogGroup } from "./service-logs.ts";
import type { Subjects } from "./subjects.ts";

export interface CellObservabilityArgs {
  readonly context: CellContext;
  readonly keys: KeyPart;
  readonly database: { readonly clusterIdentifier: string };
  readonly journal: { readonly instanceIdentifier: string };
  readonly cache: { readonly identifier: string };
  readonly ingress: {
    readonly loadBalancerArnSuffix: Input<string>;
    readonly targetGroupArnSuffixes: Readonly<Record<string, Input<string>>>;
    readonly certificateArn: Input<string>;
  };
}

/** What a cell tells, and whom: its services' logs, alarms that follow its role, a dashboard, and the topic of it all. */
export class CellObservability extends ComponentResource implements ObservabilityPart {
  readonly topicArn: Input<string>;
  /** Where log shipping writes what the services say. */
  readonly servicesLogGroup: string;

  constructor(name: string, args: CellObservabilityArgs, opts?: ComponentResourceOptions) {
    super("castle:cell:CellObservability", name, {}, opts);
    const { context, keys } = args;
    const { prefix } = context.names;
    const own = { parent: this };
    const subjects = subjectsOf(args);

    const topic = new NoticesTopic(name, { context, keys }, own);
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-services`,
      {
        name: servicesLogGroup(prefix),
        kmsKeyId: keys.keyArn,
        retentionInDays: context.settings.profile.keep.logDays,
      },
      own,
    );
    for (const { name: count, metric, pattern, value } of logCounts)
      new aws.cloudwatch.LogMetricFilter(
        `${name}-${count}`,
        {
          logGroupName: logs.name,
          pattern,
          metricTransformation: { namespace: logNamespace(prefix), name: metric, value },
        },
        own,
      );
    for (const alarm of alarmsOf(subjects))
      metricAlarm(`${name}-${alarm.name}`, { prefix, alarm, topicArn: topic.arn }, own);

    const { loadBalancer, targetGroups, certificateArn } = subjects;
    new aws.cloudwatch.Dashboard(
      `${name}-dashboard`,
      {
        // Dashboards belong to the account and to no region: under one name the cells would write over each other's.
        dashboardName: `${prefix}-${context.region.name}`,
        dashboardBody: all([loadBalancer, all(targetGroups), certificateArn]).apply(
          ([loadBalancer, targetGroups, certificateArn]) =>
            dashboardBody({ ...subjects, loadBalancer, targetGroups, certificateArn }),
        ),
      },
      own,
    );

    this.topicArn = topic.arn;
    this.servicesLogGroup = servicesLogGroup(prefix);
    this.registerOutputs({ topicArn: this.topicArn });
  }
}

function subjectsOf({ context, database, journal, cache, ingress }: CellObservabilityArgs): Subjects {
  const { profile } = context.settings;
  return {
    prefix: context.names.prefix,
    region: context.region.name,
    paired: context.peer !== null,
    clusterIdentifier: database.clusterIdentifier,
    journal: { identifier: journal.instanceIdentifier, storageGiB: profile.journal.storageGiB },
    cache: { replicationGroupId: cache.identifier, nodes: profile.cache.nodes },
    loadBalancer: ingress.loadBalancerArnSuffix,
    targetGroups: ingress.targetGroupArnSuffixes,
    certificateArn: ingress.certificateArn,
  };
}
