import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { CellContext } from "../cell/context.ts";
import { keyPolicy, usedByLogs, usedByService } from "./key-policy.ts";

export interface FrontGroundArgs {
  readonly context: CellContext;
  /** Of us-east-1. */
  readonly front: aws.Provider;
}

/** WAF delivers only to log groups whose name begins so. */
export const WAF_LOGS = "aws-waf-logs-";

/** What the parts in us-east-1 stand on: a key there, and a topic whose alarms reach people. */
export class FrontGround extends ComponentResource {
  readonly keyArn: Output<string>;
  readonly topicArn: Output<string>;

  constructor(name: string, { context, front }: FrontGroundArgs, opts?: ComponentResourceOptions) {
    super("castle:global:FrontGround", name, {}, opts);
    const { settings, names } = context;
    const here = { parent: this, provider: front };
    const fromThisAccount = { StringEquals: { "aws:SourceAccount": settings.account } };

    const key = new aws.kms.Key(
      `${name}-key`,
      {
        description: `${names.prefix}: logs and alarms of the global tier in us-east-1`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: keyPolicy(settings.account, [
          usedByLogs("us-east-1", settings.account, WAF_LOGS),
          // An alarm can publish to an encrypted topic only where CloudWatch itself may use the key.
          usedByService("AlarmsUse", "cloudwatch.amazonaws.com", fromThisAccount),
        ]),
      },
      { ...here, protect: settings.profile.protectData },
    );
    const topic = new aws.sns.Topic(`${name}-alarms`, { kmsMasterKeyId: key.arn }, here);
    new aws.sns.TopicSubscription(
      `${name}-alarms-email`,
      { topic: topic.arn, protocol: "email", endpoint: settings.alertEmail },
      here,
    );

    this.keyArn = key.arn;
    this.topicArn = topic.arn;
    this.registerOutputs({ keyArn: this.keyArn, topicArn: this.topicArn });
  }
}
