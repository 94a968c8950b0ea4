import type { AttributeValue, DynamoDBClient, PutItemCommandInput } from "@aws-sdk/client-dynamodb";
import { tellingCalls } from "../calls/told.ts";
import { awsCredentials } from "../credentials.ts";
import type { Duration } from "../duration.ts";
import { labCredentials, requireLoopback } from "../loopback.ts";
import { onlyToAws } from "../only-aws.ts";
import {
  type WitnessPlace,
  WitnessRecordInvalid,
  WitnessRecordMissing,
  WitnessUnreachable,
} from "./errors.ts";
import { sdk } from "./sdk.ts";

/** The table's partition key: a string. */
export const WITNESS_KEY = "id";

export type Item = Record<string, AttributeValue>;

/** What an item must be for a write to replace it, in PutItem's terms. */
export type Condition = Pick<
  PutItemCommandInput,
  "ConditionExpression" | "ExpressionAttributeNames" | "ExpressionAttributeValues"
>;

/** A read is asked again once before the witness counts as unreachable. */
const READ_ATTEMPTS = 2;

/**
 * The witness's table: items by key, read with strong consistency, written on a condition. With `endpoint` (the lab) it
 * uses credentials that open nothing and refuses an endpoint off this machine; without, AWS's usual chain.
 */
export class WitnessTable {
  readonly place: WitnessPlace;
  readonly #timeout: Duration;
  readonly #client: DynamoDBClient;

  /** @param timeout for one request, from the connection to the last byte */
  constructor(place: WitnessPlace, timeout: Duration) {
    this.place = { table: place.table, region: place.region, endpoint: place.endpoint };
    this.#timeout = timeout;
    this.#client = connect(this.place, timeout);
  }

  /** @throws WitnessUnreachable, WitnessRecordMissing, WitnessRecordInvalid */
  async read(key: string): Promise<Item | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#readOnce(key);
      } catch (error) {
        if (!(error instanceof WitnessUnreachable) || attempt === READ_ATTEMPTS) throw error;
      }
    }
  }

  /**
   * One conditional write. @param doing how errors name it. @throws ConditionalCheckFailedException when the condition
   * did not hold; WitnessUnreachable when nobody can tell whether it was made.
   */
  async put(item: Item, condition: Condition, doing: string): Promise<void> {
    const put = new sdk.dynamodb.PutItemCommand({ TableName: this.place.table, Item: item, ...condition });
    await this.#ask(doing, (abortSignal) => this.#client.send(put, { abortSignal }));
  }

  /** Ends the connections it keeps open. */
  close(): void {
    this.#client.destroy();
  }

  async #readOnce(key: string): Promise<Item | undefined> {
    const get = new sdk.dynamodb.GetItemCommand({
      TableName: this.place.table,
      Key: { [WITNESS_KEY]: { S: key } },
      ConsistentRead: true,
    });
    const { Item: item } = await this.#ask("read", (abortSignal) => this.#client.send(get, { abortSignal }));
    return item;
  }

  /** One request, its failures told apart. */
  async #ask<Answer>(doing: string, send: (abort: AbortSignal) => Promise<Answer>): Promise<Answer> {
    try {
      return await send(AbortSignal.timeout(this.#timeout.ms));
    } catch (error) {
      if (error instanceof sdk.dynamodb.ConditionalCheckFailedException) throw error;
      if (error instanceof sdk.dynamodb.ResourceNotFoundException)
        throw new WitnessRecordMissing(this.place, "table", error);
      if (error instanceof sdk.dynamodb.DynamoDBServiceException && error.name === "ValidationException")
        throw new WitnessRecordInvalid(this.place, error.message, ["the table is not the witness's"], error);
      throw new WitnessUnreachable(this.place, doing, error);
    }
  }
}

/** A condition that only the very item that was read meets; with `undefined`, that there is none. */
export function unchanged(item: Item | undefined): Condition {
  if (!item)
    return {
      ConditionExpression: "attribute_not_exists(#key)",
      ExpressionAttributeNames: { "#key": WITNESS_KEY },
    };
  const { [WITNESS_KEY]: _key, ...attributes } = item;
  const entries = Object.entries(attributes);
  return {
    ConditionExpression: entries.map((_, n) => `#a${n} = :a${n}`).join(" AND "),
    ExpressionAttributeNames: Object.fromEntries(entries.map(([name], n) => [`#a${n}`, name])),
    ExpressionAttributeValues: Object.fromEntries(entries.map(([, value], n) => [`:a${n}`, value])),
  };
}

export const connect = (place: WitnessPlace, timeout: Duration): DynamoDBClient =>
  tellingCalls(clientFor(place, timeout), new Set([place.table]));

function clientFor({ region, endpoint }: WitnessPlace, timeout: Duration): DynamoDBClient {
  const settings = {
    region,
    // The SDK repeats a request on its own after a time-out, which is just what a conditional write must not suffer.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: timeout.ms,
      requestTimeout: timeout.ms,
      throwOnRequestTimeout: true,
    },
  };
  if (endpoint === undefined)
    return onlyToAws(
      new sdk.dynamodb.DynamoDBClient({
        ...settings,
        credentials: awsCredentials(),
        // A table named by its ARN would be asked for at its account's own host name, which private endpoints lack.
        accountIdEndpointMode: "disabled",
      }),
    );
  return new sdk.dynamodb.DynamoDBClient({
    ...settings,
    endpoint: requireLoopback(endpoint, "the witness's endpoint"),
    credentials: labCredentials,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
  });
}
