import pg from "pg";

/** One command as both databases keep it. */
export interface ReferenceCommand {
  readonly stream: string;
  /** Gapless within the stream. */
  readonly seq: number;
  readonly accountId: number;
  readonly clientId: string;
  readonly kind: "place" | "cancel";
  /** Milliseconds since 1970. */
  readonly acceptedAt: number;
  /** Its parameters, as JSON. */
  readonly body: string;
}

const CREATE = `create table command (
  stream text, seq bigint, account_id bigint not null, client_id text not null, kind text not null,
  accepted_at bigint not null, body text not null, primary key (stream, seq)
)`;

/** Named: it is parsed and planned once a connection. */
const INSERT = {
  name: "insert-commands",
  text: `insert into command (stream, seq, account_id, client_id, kind, accepted_at, body)
select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::text[])`,
};

/** The least that durability in two places takes: a statement and a commit in the one, then the same in the other. */
export class TwoDatabases {
  readonly #near: pg.Client;
  readonly #far: pg.Client;

  private constructor(near: pg.Client, far: pg.Client) {
    this.#near = near;
    this.#far = far;
  }

  /** @param onLost called when a connection ends: what was under way is in neither, in one or in both */
  static async connect(
    urls: { readonly near: string; readonly far: string },
    onLost: (error: Error) => void,
  ): Promise<TwoDatabases> {
    const [near, far] = await Promise.all([open(urls.near, onLost), open(urls.far, onLost)]);
    return new TwoDatabases(near, far);
  }

  /**
   * Resolves when both have committed the batch. Batches may be committed one behind the other without waiting: each
   * connection carries them in order.
   */
  async commit(commands: readonly ReferenceCommand[]): Promise<void> {
    const statement = { ...INSERT, values: columnsOf(commands) };
    await this.#near.query(statement);
    await this.#far.query(statement);
  }
}

async function open(url: string, onLost: (error: Error) => void): Promise<pg.Client> {
  // In a pipeline a statement is sent at once, and not when the one before it was answered.
  const config: pg.ClientConfig & { pipeline: boolean } = { connectionString: url, pipeline: true };
  const client = new pg.Client(config);
  client.on("error", onLost);
  await client.connect();
  await client.query({ text: CREATE, values: [] });
  return client;
}

const columnsOf = (commands: readonly ReferenceCommand[]): unknown[] => [
  commands.map(({ stream }) => stream),
  commands.map(({ seq }) => seq),
  commands.map(({ accountId }) => accountId),
  commands.map(({ clientId }) => clientId),
  commands.map(({ kind }) => kind),
  commands.map(({ acceptedAt }) => acceptedAt),
  commands.map(({ body }) => body),
];
