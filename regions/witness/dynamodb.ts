import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DynamoDBClient,
  DynamoDBServiceException,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  ResourceInUseException,
  ResourceNotFoundException,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { awsCredentials } from "../credentials.ts";
import { type Duration, seconds } from "../duration.ts";
import { labCredentials, requireLoopback } from "../loopback.ts";
import { onlyToAws } from "../only-aws.ts";
import {
  type WitnessPlace,
  WitnessRecordInvalid,
  WitnessRecordMissing,
  WitnessUnreachable,
} from "./errors.ts";
import { type HeldRecord, itemOf, parseItem, unchangedSince, WITNESS_ITEM, WITNESS_KEY } from "./item.ts";
import { alreadyMade, transition, type WitnessChange, type WitnessRecord, WitnessRefused } from "./record.ts";
import type { Witness } from "./witness.ts";

export interface DynamoWitnessOptions extends WitnessPlace {
  /** For one request, from the connection to the last byte. Default 1 s. */
  readonly timeout?: Duration;
}

/** A read is asked again once; a change is decided anew this often before the witness counts as unreachable. */
const READ_ATTEMPTS = 2;
const CHANGE_ATTEMPTS = 4;

/**
 * The witness in DynamoDB: one item, read with strong consistency and replaced only on the condition that it still is
 * the record the decision was made on. With `endpoint` (the lab) it uses credentials that open nothing and refuses an
 * endpoint off this machine; without, AWS's usual chain.
 */
export class DynamoWitness implements Witness {
  readonly #place: WitnessPlace;
  readonly #timeout: Duration;
  readonly #client: DynamoDBClient;

  constructor(options: DynamoWitnessOptions) {
    this.#place = { table: options.table, region: options.region, endpoint: options.endpoint };
    this.#timeout = options.timeout ?? seconds(1);
    this.#client = connect(this.#place, this.#timeout);
  }

  async read(): Promise<WitnessRecord> {
    return (await this.inspect()).record;
  }

  /** The record with what the table knows beside it: since when it stands. Errors as {@link read}. */
  async inspect(): Promise<HeldRecord> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#readOnce();
      } catch (error) {
        if (!(error instanceof WitnessUnreachable) || attempt === READ_ATTEMPTS) throw error;
      }
    }
  }

  async change(change: WitnessChange): Promise<WitnessRecord> {
    const doing = `${change.kind} by ${change.by}`;
    let because: unknown = new Error("the record changed at every attempt");
    for (let attempt = 1; attempt <= CHANGE_ATTEMPTS; attempt++) {
      const held = await this.inspect();
      if (alreadyMade(held.record, change)) return held.record;
      const decision = transition(held.record, change);
      if (!decision.ok) throw new WitnessRefused(decision.refusal, decision.because, held.record);
      try {
        await this.#put(
          { revision: held.revision + 1, changedAt: Date.now(), record: decision.record },
          { ...unchangedSince(held), doing },
        );
        return decision.record;
      } catch (error) {
        // Lost the race, or nobody knows: what stands now decides, never a second try of the same write.
        if (error instanceof WitnessUnreachable) because = error.cause;
        else if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    }
    throw new WitnessUnreachable(this.#place, doing, because);
  }

  async create(first: WitnessRecord): Promise<WitnessRecord> {
    try {
      await this.#put(
        { revision: 1, changedAt: Date.now(), record: first },
        {
          doing: `create by ${first.changedBy}`,
          ConditionExpression: "attribute_not_exists(#key)",
          ExpressionAttributeNames: { "#key": WITNESS_KEY },
        },
      );
      return first;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return this.read();
    }
  }

  /** Ends the connections it keeps open. */
  close(): void {
    this.#client.destroy();
  }

  async #readOnce(): Promise<HeldRecord> {
    const key = { [WITNESS_KEY]: { S: WITNESS_ITEM } };
    const { Item: item } = await this.#ask("read", (abortSignal) =>
      this.#client.send(
        new GetItemCommand({ TableName: this.#place.table, Key: key, ConsistentRead: true }),
        { abortSignal },
      ),
    );
    if (!item) throw new WitnessRecordMissing(this.#place, "record");
    const parsed = parseItem(item);
    if ("mistakes" in parsed) throw new WitnessRecordInvalid(this.#place, item, parsed.mistakes);
    return parsed.held;
  }

  /** One conditional write. @throws ConditionalCheckFailedException when the condition did not hold. */
  async #put(
    next: HeldRecord,
    { doing, ...condition }: Omit<PutItemCommandInput, "TableName" | "Item"> & { readonly doing: string },
  ): Promise<void> {
    const put = new PutItemCommand({ TableName: this.#place.table, Item: itemOf(next), ...condition });
    await this.#ask(doing, (abortSignal) => this.#client.send(put, { abortSignal }));
  }

  /** One request, its failures told apart. */
  async #ask<Answer>(doing: string, send: (abort: AbortSignal) => Promise<Answer>): Promise<Answer> {
    try {
      return await send(AbortSignal.timeout(this.#timeout.ms));
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) throw error;
      if (error instanceof ResourceNotFoundException)
        throw new WitnessRecordMissing(this.#place, "table", error);
      if (error instanceof DynamoDBServiceException && error.name === "ValidationException")
        throw new WitnessRecordInvalid(this.#place, error.message, ["the table is not the witness's"], error);
      throw new WitnessUnreachable(this.#place, doing, error);
    }
  }
}

/** Creates the witness's table; harmless when it exists. For the lab: on AWS the infrastructure code creates it. */
export async function createWitnessTable(where: WitnessPlace & { readonly endpoint: string }): Promise<void> {
  const client = connect(where, seconds(5));
  try {
    await client
      .send(
        new CreateTableCommand({
          TableName: where.table,
          AttributeDefinitions: [{ AttributeName: WITNESS_KEY, AttributeType: "S" }],
          KeySchema: [{ AttributeName: WITNESS_KEY, KeyType: "HASH" }],
          BillingMode: "PAY_PER_REQUEST",
        }),
      )
      .catch((error: unknown) => {
        if (!(error instanceof ResourceInUseException)) throw error;
      });
    // A table takes nothing while it is being created.
    await waitUntilTableExists(
      { client, maxWaitTime: 30, minDelay: 0.02, maxDelay: 1 },
      { TableName: where.table },
    );
  } finally {
    client.destroy();
  }
}

function connect({ region, endpoint }: WitnessPlace, timeout: Duration): DynamoDBClient {
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
    return onlyToAws(new DynamoDBClient({ ...settings, credentials: awsCredentials() }));
  return new DynamoDBClient({
    ...settings,
    endpoint: requireLoopback(endpoint, "the witness's endpoint"),
    credentials: labCredentials,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
  });
}
