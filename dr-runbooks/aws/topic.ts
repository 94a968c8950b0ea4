import type { PublishCommandInput, SNSClient } from "@aws-sdk/client-sns";
import { sdk } from "./sdk.ts";

/** What is told to whoever subscribed to a topic. */
export interface Notice {
  /** Up to 100 characters of ASCII, on one line: SNS takes no other subject. */
  readonly subject: string;
  readonly message: string;
  /** Words that subscriptions can filter by. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The same for the same notice: a FIFO topic then delivers it once, however often it is told. */
  readonly id: string;
}

/** The topic of one region at which handovers are told. */
export class HandoverTopic {
  readonly arn: string;
  readonly #sns: SNSClient;

  constructor(sns: SNSClient, arn: string) {
    this.#sns = sns;
    this.arn = arn;
  }

  async tell(notice: Notice): Promise<void> {
    await this.#sns.send(new sdk.sns.PublishCommand(published(this.arn, notice)));
  }
}

function published(topicArn: string, notice: Notice): PublishCommandInput {
  return {
    TopicArn: topicArn,
    Subject: notice.subject,
    Message: notice.message,
    MessageAttributes: Object.fromEntries(
      Object.entries(notice.attributes).map(([name, StringValue]) => [
        name,
        { DataType: "String", StringValue },
      ]),
    ),
    ...(topicArn.endsWith(".fifo") && { MessageGroupId: "castle", MessageDeduplicationId: notice.id }),
  };
}

export async function topicExists(sns: SNSClient, topicArn: string): Promise<boolean> {
  try {
    await sns.send(new sdk.sns.GetTopicAttributesCommand({ TopicArn: topicArn }));
    return true;
  } catch (error) {
    if (error instanceof sdk.sns.NotFoundException) return false;
    throw error;
  }
}
