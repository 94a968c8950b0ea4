import { z } from "zod";
import { type ExecutionClaim, executionClaimSchema } from "./claim.ts";
import { sdk } from "./sdk.ts";
import { type Item, unchanged, WITNESS_KEY, type WitnessTable } from "./table.ts";

/** Key of the item that tells which execution is at work. */
export const EXECUTION_ITEM = "execution";

/** The claim as the table holds it. Every write is conditional on the item being what was read. */
export interface FoundClaim {
  /** null: the item is none of this Castle's; it protects nobody once it has stood unchanged for a lease. */
  readonly claim: ExecutionClaim | null;
  /** What must still be there for it to be replaced. */
  readonly item: Item;
}

/** Where executions claim the right to act. */
export interface Claims {
  /** null: nobody ever claimed it. @throws the witness's errors */
  read(): Promise<FoundClaim | null>;
  /**
   * Replaces what was found, or writes the first claim. @returns null when it is not what was found any more.
   * @throws WitnessUnreachable when nobody can tell whether it was written: read, and look for the token.
   */
  replace(found: FoundClaim | null, claim: ExecutionClaim): Promise<FoundClaim | null>;
}

export class DynamoClaims implements Claims {
  readonly #table: WitnessTable;

  constructor(table: WitnessTable) {
    this.#table = table;
  }

  async read(): Promise<FoundClaim | null> {
    const item = await this.#table.read(EXECUTION_ITEM);
    return item ? { item, claim: claimOf(item) } : null;
  }

  async replace(found: FoundClaim | null, claim: ExecutionClaim): Promise<FoundClaim | null> {
    const item = itemOf(claim, revisionOf(found?.item) + 1);
    try {
      await this.#table.put(item, unchanged(found?.item), `claim by ${claim.execution}`);
      return { item, claim };
    } catch (error) {
      if (error instanceof sdk.dynamodb.ConditionalCheckFailedException) return null;
      throw error;
    }
  }
}

/** Whether both are the item as one and the same write left it. */
export const isSame = (a: FoundClaim, b: FoundClaim): boolean =>
  JSON.stringify(a.item.revision) === JSON.stringify(b.item.revision) && a.claim?.token === b.claim?.token;

const revisionOf = (item: Item | undefined): number => {
  const revision = Number(item?.revision?.N);
  return Number.isSafeInteger(revision) ? revision : 0;
};

/** Its revision grows with every write, so that a late request never meets an item that only looks like its own. */
const itemOf = (claim: ExecutionClaim, revision: number): Item => ({
  [WITNESS_KEY]: { S: EXECUTION_ITEM },
  revision: { N: String(revision) },
  claim: { S: JSON.stringify(claim) },
});

const itemSchema = z.object({ revision: z.object({ N: z.string() }), claim: z.object({ S: z.string() }) });

function claimOf(item: Item): ExecutionClaim | null {
  const parsed = itemSchema.safeParse(item);
  if (!parsed.success) return null;
  try {
    return executionClaimSchema.safeParse(JSON.parse(parsed.data.claim.S)).data ?? null;
  } catch {
    return null;
  }
}
