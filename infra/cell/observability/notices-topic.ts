import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Names } from "../../names.ts";
import { policyDocument } from "../../policy-document.ts";
import type { CellContext } from "../context.ts";
import type { KeyPart } from "../parts.ts";

export interface NoticesTopicArgs {
  readonly context: CellContext;
  readonly keys: KeyPart;
}

/** The same in both regions, which the operators' policy goes by. */
export const noticesTopicName = ({ prefix }: Pick<Names, "prefix">): string => `${prefix}-notices`;

/**
 * Who may tell the topic something. Alarms may, and with `events` EventBridge's rules, of this account; runbooks may by their role's own policy. Nobody in the
 * clear. Pure.
 */
export const topicPolicy = (topicArn: string, account: string, { events }: { events: boolean }): string =>
  policyDocument([
    {
      Sid: "ServicesTell",
      Effect: "Allow",
      Principal: {
        Service: events ? ["cloudwatch.amazonaws.com", "events.amazonaws.com"] : ["cloudwatch.amazonaws.com"],
      },
      Action: ["sns:Publish"],
      Resource: [topicArn],
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    },
    {
      Sid: "NothingInTheClear",
      Effect: "Deny",
      Principal: "*",
      Action: ["sns:Publish"],
      Resource: [topicArn],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);

/** Where the cell's alarms and its handovers are told, and whom: the region's own, for the peer's may be gone. */
export class NoticesTopic extends ComponentResource {
  readonly arn: Output<string>;

  constructor(name: string, { context, keys }: NoticesTopicArgs, opts?: ComponentResourceOptions) {
    super("castle:cell:NoticesTopic", name, {}, opts);
    const { names, settings } = context;
    const own = { parent: this };
    const topic = new aws.sns.Topic(
      `${name}-notices`,
      {
        name: noticesTopicName(names),
        displayName: "Castle",
        // AWS's own key for SNS cannot be used by alarms.
        kmsMasterKeyId: keys.keyArn,
        signatureVersion: 2,
      },
      own,
    );
    new aws.sns.TopicPolicy(
      `${name}-notices`,
      {
        arn: topic.arn,
        policy: topic.arn.apply((arn) => topicPolicy(arn, settings.account, { events: settings.audit })),
      },
      own,
    );
    new aws.sns.TopicSubscription(
      `${name}-notices`,
      { topic: topic.arn, protocol: "email", endpoint: settings.alertEmail },
      own,
    );
    this.arn = topic.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
