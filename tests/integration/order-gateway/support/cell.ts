import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { WITNESS_ITEM } from "@castle/regions/witness/item.ts";
import { WITNESS_KEY } from "@castle/regions/witness/table.ts";
import { signQuery } from "@castle/services/kernel/http/signature.ts";
import { seal } from "@castle/services/kernel/seal.ts";
import { ActiveCell, SEAL_KEY, type Ways } from "../../support/active-cell.ts";
import { ServiceProcess } from "../../support/service-process.ts";

export { freePort } from "../../support/free-port.ts";

export interface TestTrader {
  readonly accountId: number;
  readonly apiKey: string;
  readonly secret: string;
}

/** Several, because each may send no more than a hundred orders in ten seconds. */
export const traders: readonly TestTrader[] = Array.from({ length: 10 }, (_, index) => ({
  accountId: 7 + index,
  apiKey: String(index).repeat(32),
  secret: `a secret of trader ${index} for tests only`,
}));
export const [trader] = traders as readonly [TestTrader, ...TestTrader[]];

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { code?: number };
  readonly headers: Headers;
}

/** A gateway process, as a trader sees it. */
export class Gateway {
  readonly process: ServiceProcess;

  constructor(process: ServiceProcess) {
    this.process = process;
  }

  get api(): string {
    return this.process.api;
  }

  get internal(): string {
    return this.process.internal;
  }

  /** A signed request, as a trader sends it. */
  async signed(
    method: string,
    path: string,
    parameters: Record<string, string>,
    by: TestTrader = trader,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const query = signQuery(by.secret, new URLSearchParams({ ...parameters, timestamp: String(Date.now()) }));
    return answer(
      await fetch(`${this.api}${path}?${query}`, {
        method,
        headers: { "X-MBX-APIKEY": by.apiKey, ...headers },
      }),
    );
  }

  async health(): Promise<Answer> {
    return answer(await fetch(`${this.internal}/healthz/active`));
  }
}

/** The home cell with engine and gateways as processes of their own. */
export class TestCell {
  readonly cell: ActiveCell;
  readonly #processes: ServiceProcess[] = [];
  #gateways = 0;
  #engines = 0;

  private constructor(cell: ActiveCell) {
    this.cell = cell;
  }

  /** The traders have accounts, and of each asset what `funds` says. */
  static async start(funds: Readonly<Record<string, bigint>> = {}): Promise<TestCell> {
    const cell = await ActiveCell.start();
    await cell.db("account").insert(
      traders.map(({ accountId, apiKey, secret }) => ({
        account_id: accountId,
        api_key: apiKey,
        sealed_secret: seal(SEAL_KEY, secret),
      })),
    );
    const accounts = traders.map(({ accountId }) => accountId);
    for (const [asset, amount] of Object.entries(funds)) await cell.fund(accounts, asset, amount);
    return new TestCell(cell);
  }

  get db(): ActiveCell["db"] {
    return this.cell.db;
  }

  get peerJournal(): ActiveCell["peerJournal"] {
    return this.cell.peerJournal;
  }

  get witness(): ActiveCell["witness"] {
    return this.cell.witness;
  }

  async engine(ways: Ways = {}): Promise<ServiceProcess> {
    const engine = await ServiceProcess.start(
      this.cell,
      "matching-engine",
      `matching-engine-${this.#engines++}`,
      ways,
    );
    this.#processes.push(engine);
    return engine;
  }

  /** Starts a gateway process; resolves when it answers. */
  async gateway(ways: Ways = {}): Promise<Gateway> {
    const process = await ServiceProcess.start(
      this.cell,
      "order-gateway",
      `order-gateway-${this.#gateways++}`,
      ways,
    );
    this.#processes.push(process);
    return new Gateway(process);
  }

  /** Writes over the witness's record with one that Castle never wrote. */
  async overwriteWitness(attributes: Record<string, string>): Promise<void> {
    const client = new DynamoDBClient({
      region: "eu-west-3",
      endpoint: this.cell.witnessEndpoint,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    const item = Object.entries(attributes).map(([name, value]) => [name, { S: value }]);
    await client.send(
      new PutItemCommand({
        TableName: this.cell.witnessTable,
        Item: { [WITNESS_KEY]: { S: WITNESS_ITEM }, ...Object.fromEntries(item) },
      }),
    );
    client.destroy();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#processes.splice(0).map((process) => process.end()));
    await this.cell.stop();
  }
}

const answer = async (response: Response): Promise<Answer> => ({
  status: response.status,
  body: (await response.json()) as Answer["body"],
  headers: response.headers,
});

/** Waits for a condition. @throws Error that names it when it does not come true within a minute. */
export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited 60 s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
