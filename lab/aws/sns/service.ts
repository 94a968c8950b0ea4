import {
  GetTopicAttributes$,
  type GetTopicAttributesInput,
  InternalErrorException$,
  InvalidParameterException$,
  InvalidParameterValueException$,
  ListTopics$,
  type ListTopicsInput,
  NotFoundException$,
  Publish$,
  type PublishInput,
  ThrottledException$,
} from "@aws-sdk/client-sns";
import { regionNames } from "@castle/regions/catalogue.ts";
import { modelledFault } from "../fault.ts";
import { pageOf } from "../paginate.ts";
import { type AwsService, type Call, operation, type ServiceParts } from "../service.ts";
import { queryProtocol } from "../wire/query.ts";
import type { Publication, Topic } from "./topics.ts";

/** As documented: 256 KiB of UTF-8, and a subject of up to 100 characters of printable ASCII that begins with a visible one. */
const MOST_BYTES = 256 * 1024;
const subjectPattern = /^[\x21-\x7e][\x20-\x7e]{0,99}$/;
const TOPICS_A_PAGE = 100;

/** SNS, as far as somebody is told something: topics in both cells' regions, and what was published to them. */
export function sns({ identifiers, replicas, topics }: ServiceParts): AwsService {
  const topicsIn = (region: string): readonly Topic[] =>
    topics.all.filter((topic) => topic.region === region && replicas.has(topic.name, region));
  const require = (arn: string | undefined, region: string): Topic => {
    const found = topicsIn(region).find((topic) => topic.arn === arn);
    if (!found) throw modelledFault(NotFoundException$, "Topic does not exist");
    return found;
  };

  async function publish(input: PublishInput, { region }: Call) {
    const topic = require(target(input), region);
    const { messageId, sequence } = topics.publish(publicationOf(input, topic));
    return {
      MessageId: messageId,
      ...(sequence !== null && { SequenceNumber: String(sequence).padStart(20, "0") }),
    };
  }

  async function list({ NextToken }: ListTopicsInput, { region }: Call) {
    const page = pageOf(topicsIn(region), ({ arn }) => arn, { MaxRecords: TOPICS_A_PAGE, Marker: NextToken });
    if (page === null) throw invalid("NextToken");
    return {
      Topics: page.items.map(({ arn }) => ({ TopicArn: arn })),
      ...(page.Marker !== undefined && { NextToken: page.Marker }),
    };
  }

  async function attributes({ TopicArn }: GetTopicAttributesInput, { region }: Call) {
    const { arn, name } = require(TopicArn, region);
    return {
      Attributes: {
        TopicArn: arn,
        Owner: identifiers.account,
        DisplayName: name,
        ...{ SubscriptionsConfirmed: "0", SubscriptionsPending: "0", SubscriptionsDeleted: "0" },
        ...(isFifo(arn) && { FifoTopic: "true", ContentBasedDeduplication: "false" }),
      },
    };
  }

  return {
    signingName: "sns",
    regions: regionNames,
    protocol: queryProtocol({
      version: "2010-03-31",
      xmlNamespace: "http://sns.amazonaws.com/doc/2010-03-31/",
    }),
    failures: {
      throttled: () => modelledFault(ThrottledException$, "Rate exceeded"),
      internal: () => modelledFault(InternalErrorException$, "An internal error occurred; try again."),
    },
    operations: [
      operation<PublishInput>(Publish$, publish),
      operation<ListTopicsInput>(ListTopics$, list),
      operation<GetTopicAttributesInput>(GetTopicAttributes$, attributes),
    ],
  };
}

/** A message goes to a topic, by either of its names. @throws AwsFault for a telephone or a device: the lab rings none */
function target({ TopicArn, TargetArn, PhoneNumber }: PublishInput): string {
  if (PhoneNumber !== undefined) throw invalid("PhoneNumber: the lab publishes to topics only");
  const arn = TopicArn ?? TargetArn;
  if (arn === undefined) throw invalid("TopicArn or TargetArn Reason: no value for required parameter");
  return arn;
}

/** @throws AwsFault for what SNS does not publish */
function publicationOf(input: PublishInput, topic: Topic): Publication {
  const { Message = "", Subject, MessageStructure, MessageAttributes = {} } = input;
  if (Message === "") throw invalid("Empty message");
  if (Buffer.byteLength(Message) > MOST_BYTES) throw invalid("Message too long");
  if (Subject !== undefined && !subjectPattern.test(Subject)) throw invalid("Subject");
  if (MessageStructure !== undefined)
    throw invalid("MessageStructure: the lab has no subscribers that would differ");
  const attributes = Object.entries(MessageAttributes).map(([name, { DataType, StringValue }]) => {
    if (DataType !== "String" || StringValue === undefined)
      throw modelledFault(
        InvalidParameterValueException$,
        `The message attribute '${name}' must contain a non-empty String value; the lab keeps no other type`,
      );
    return [name, StringValue] as const;
  });
  return {
    topicArn: topic.arn,
    subject: Subject ?? null,
    message: Message,
    attributes: Object.fromEntries(attributes),
    fifo: fifoOf(input, topic),
  };
}

function fifoOf(
  { MessageGroupId, MessageDeduplicationId }: PublishInput,
  { arn }: Topic,
): Publication["fifo"] {
  if (!isFifo(arn)) {
    if (MessageDeduplicationId !== undefined)
      throw invalid("MessageDeduplicationId Reason: the topic is not a FIFO topic");
    return null;
  }
  if (MessageGroupId === undefined) throw invalid("The MessageGroupId parameter is required for FIFO topics");
  if (MessageDeduplicationId === undefined)
    throw invalid(
      "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    );
  return { group: MessageGroupId, deduplicationId: MessageDeduplicationId };
}

const isFifo = (arn: string): boolean => arn.endsWith(".fifo");

const invalid = (what: string) => modelledFault(InvalidParameterException$, `Invalid parameter: ${what}`);
