import { type Duration, seconds } from "../duration.ts";
import { DynamoClaims } from "./claims.ts";
import {
  type WitnessPlace,
  WitnessRecordInvalid,
  WitnessRecordMissing,
  WitnessUnreachable,
} from "./errors.ts";
import { type HeldRecord, itemOf, parseItem, unchangedSince, WITNESS_ITEM } from "./item.ts";
import { alreadyMade, transition, type WitnessChange, type WitnessRecord, WitnessRefused } from "./record.ts";
import { sdk } from "./sdk.ts";
import { connect, unchanged, WITNESS_KEY, WitnessTable } from "./table.ts";
import type { Witness } from "./witness.ts";

export interface DynamoWitnessOptions extends WitnessPlace {
  /**
   * For one request, from the connection to the last byte. Default 3 s: for a busy machine. A service whose lease is
   * shorter asks again sooner.
   */
  readonly timeout?: Duration;
}

/** A change is decided anew this often before the witness counts as unreachable. */
const CHANGE_ATTEMPTS = 4;

/**
 * The witness in DynamoDB: one item, read with strong consistency and replaced only on the condition that it still is
 * the record the decision was made on. Beside it stands which execution is at work: {@link DynamoWitness.claims}.
 */
export class DynamoWitness implements Witness {
  readonly claims: DynamoClaims;
  readonly #table: WitnessTable;

  constructor({ timeout = seconds(3), ...place }: DynamoWitnessOptions) {
    this.#table = new WitnessTable(place, timeout);
    this.claims = new DynamoClaims(this.#table);
  }

  async read(): Promise<WitnessRecord> {
    return (await this.inspect()).record;
  }

  /** The record with what the table knows beside it: since when it stands. Errors as {@link read}. */
  async inspect(): Promise<HeldRecord> {
    const { place } = this.#table;
    const item = await this.#table.read(WITNESS_ITEM);
    if (!item) throw new WitnessRecordMissing(place, "record");
    const parsed = parseItem(item);
    if ("mistakes" in parsed) throw new WitnessRecordInvalid(place, item, parsed.mistakes);
    return parsed.held;
  }

  async change(change: WitnessChange): Promise<WitnessRecord> {
    const doing = `${change.kind} by ${change.by}`;
    let because: unknown = new Error("the record changed at every attempt");
    for (let attempt = 1; attempt <= CHANGE_ATTEMPTS; attempt++) {
      const held = await this.inspect();
      if (alreadyMade(held.record, change)) return held.record;
      const decision = transition(held.record, change);
      if (!decision.ok) throw new WitnessRefused(decision.refusal, decision.because, held.record);
      const next = { revision: held.revision + 1, changedAt: Date.now(), record: decision.record };
      try {
        await this.#table.put(itemOf(next), unchangedSince(held), doing);
        return decision.record;
      } catch (error) {
        // Lost the race, or nobody knows: what stands now decides, never a second try of the same write.
        if (error instanceof WitnessUnreachable) because = error.cause;
        else if (!(error instanceof sdk.dynamodb.ConditionalCheckFailedException)) throw error;
      }
    }
    throw new WitnessUnreachable(this.#table.place, doing, because);
  }

  async create(first: WitnessRecord): Promise<WitnessRecord> {
    const item = itemOf({ revision: 1, changedAt: Date.now(), record: first });
    try {
      await this.#table.put(item, unchanged(undefined), `create by ${first.changedBy}`);
      return first;
    } catch (error) {
      if (!(error instanceof sdk.dynamodb.ConditionalCheckFailedException)) throw error;
      return this.read();
    }
  }

  /** Ends the connections it keeps open. */
  close(): void {
    this.#table.close();
  }
}

/** Creates the witness's table; harmless when it exists. For the lab: on AWS the infrastructure code creates it. */
export async function createWitnessTable(where: WitnessPlace & { readonly endpoint: string }): Promise<void> {
  const client = connect(where, seconds(5));
  try {
    await client
      .send(
        new sdk.dynamodb.CreateTableCommand({
          TableName: where.table,
          AttributeDefinitions: [{ AttributeName: WITNESS_KEY, AttributeType: "S" }],
          KeySchema: [{ AttributeName: WITNESS_KEY, KeyType: "HASH" }],
          BillingMode: "PAY_PER_REQUEST",
        }),
      )
      .catch((error: unknown) => {
        if (!(error instanceof sdk.dynamodb.ResourceInUseException)) throw error;
      });
    // A table takes nothing while it is being created.
    await sdk.dynamodb.waitUntilTableExists(
      { client, maxWaitTime: 30, minDelay: 0.02, maxDelay: 1 },
      { TableName: where.table },
    );
  } finally {
    client.destroy();
  }
}
