import {
  GetTopicAttributesCommand,
  NotFoundException,
  PublishCommand,
  type SNSClient,
} from "@aws-sdk/client-sns";

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

export async function tell(sns: SNSClient, topicArn: string, notice: Notice): Promise<void> {
  await sns.send(
    new PublishCommand({
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
    }),
  );
}

export async function topicExists(sns: SNSClient, topicArn: string): Promise<boolean> {
  try {
    await sns.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
    return true;
  } catch (error) {
    if (error instanceof NotFoundException) return false;
    throw error;
  }
}
