import type { Knex } from "knex";
import { integerArray, textArray } from "../../kernel/database/array-literal.ts";
import { COMMAND_COLUMNS, type CommandRow, decodeRow } from "../../kernel/database/command-log.ts";
import { type AcceptedCommand, WALLET_STREAM } from "../../kernel/domain/command.ts";
import type { Intent } from "../../kernel/domain/intent.ts";
import { REMEMBERED_MS, type RepeatKey, repeatKeyOf } from "../state/first-results.ts";

const COLUMNS = COMMAND_COLUMNS.split(", ")
  .map((column) => `c.${column}`)
  .join(", ");
const BY_REFERENCE = `select u.place, ${COLUMNS}
  from unnest(?::bigint[], ?::text[], ?::text[]) with ordinality as u (account_id, kind, client_id, place)
  join command c on c.stream = '${WALLET_STREAM}' and c.account_id = u.account_id and c.kind = u.kind
    and c.client_id = u.client_id`;
/** The oldest of the time that a key is remembered. */
const BY_KEY = `select distinct on (u.place) u.place, ${COLUMNS}
  from unnest(?::bigint[], ?::text[]) with ordinality as u (account_id, key, place)
  join idempotency i on i.account_id = u.account_id and i.key = u.key and i.accepted_at > ?
  join command c on c.stream = i.stream and c.seq = i.seq
  order by u.place, i.accepted_at`;

type Found = AcceptedCommand | undefined;
type Row = CommandRow & { readonly place: string };

interface Search<Key> {
  readonly key: Key;
  readonly resolve: (found: Found) => void;
  readonly reject: (error: Error) => void;
}

type By<Kind extends RepeatKey["by"]> = Extract<RepeatKey, { by: Kind }>;

/** The first results of repeated requests, as the database holds them: asked for together what is wanted at once. */
export class FirstResultsStore {
  readonly #db: Knex;
  #references: Search<By<"reference">>[] = [];
  #keys: Search<By<"key">>[] = [];
  #scheduled = false;

  constructor(db: Knex) {
    this.#db = db;
  }

  find(intent: Intent): Promise<Found> {
    const key = repeatKeyOf(intent);
    if (key === null) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      if (key.by === "key") this.#keys.push({ key, resolve, reject });
      else this.#references.push({ key, resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.#search());
    });
  }

  #search(): void {
    this.#scheduled = false;
    const [references, keys] = [this.#references, this.#keys];
    this.#references = [];
    this.#keys = [];
    void this.#run(references, BY_REFERENCE, [
      integerArray(references.map(({ key }) => key.accountId)),
      textArray(references.map(({ key }) => key.kind)),
      textArray(references.map(({ key }) => key.clientId)),
    ]);
    void this.#run(keys, BY_KEY, [
      integerArray(keys.map(({ key }) => key.accountId)),
      textArray(keys.map(({ key }) => key.key)),
      Date.now() - REMEMBERED_MS,
    ]);
  }

  async #run(searches: readonly Search<unknown>[], sql: string, values: (string | number)[]): Promise<void> {
    if (searches.length === 0) return;
    try {
      const { rows } = await this.#db.raw<{ rows: Row[] }>(sql, values);
      const found = new Map(rows.map((row) => [Number(row.place), decodeRow(row)]));
      searches.forEach(({ resolve }, index) => {
        resolve(found.get(index + 1));
      });
    } catch (error) {
      for (const { reject } of searches) reject(error as Error);
    }
  }
}
