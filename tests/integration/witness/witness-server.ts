import { once } from "node:events";
import { createServer, Server as HttpServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { epoch } from "@castle/regions/epoch.ts";
import { createWitnessTable, DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import type { WitnessRecord } from "@castle/regions/witness/record.ts";
import dynalite from "dynalite";

export const REGION = "eu-west-3";

/** Epoch 1 of the home region. */
export const first = (mode: WitnessRecord["mode"]): WitnessRecord => ({
  epoch: epoch(1),
  activeRegion: "eu-west-1",
  mode,
  changedBy: "bootstrap",
});

const listen = async (server: Server): Promise<string> => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const close = async (server: Server): Promise<void> => {
  // dynalite's own close() would close its store too, and a request under way would throw.
  const closed = new Promise((resolve) => HttpServer.prototype.close.call(server, resolve));
  server.closeAllConnections();
  await closed;
};

/** A DynamoDB in this process, with as many witness tables as a test asks for. */
export class WitnessServer {
  readonly endpoint: string;
  readonly #server: Server;
  readonly #witnesses: DynamoWitness[] = [];
  #tables = 0;

  private constructor(endpoint: string, server: Server) {
    this.endpoint = endpoint;
    this.#server = server;
  }

  static async start(): Promise<WitnessServer> {
    const server = dynalite({ createTableMs: 0 });
    return new WitnessServer(await listen(server), server);
  }

  /** A table of its own, without a record. @returns its name */
  async table(): Promise<string> {
    this.#tables += 1;
    const table = `witness-${this.#tables}`;
    await createWitnessTable({ table, region: REGION, endpoint: this.endpoint });
    return table;
  }

  witness(table: string, endpoint = this.endpoint): DynamoWitness {
    const made = new DynamoWitness({ table, region: REGION, endpoint });
    this.#witnesses.push(made);
    return made;
  }

  /** A witness on a table of its own that holds `record`. */
  async holding(record: WitnessRecord): Promise<{ table: string; witness: DynamoWitness }> {
    const table = await this.table();
    const witness = this.witness(table);
    await witness.create(record);
    return { table, witness };
  }

  async stop(): Promise<void> {
    for (const witness of this.#witnesses) witness.close();
    await close(this.#server);
  }
}

/** What becomes of one request on its way: it and its answer pass, its answer is lost, or it is lost itself. */
export type Fate = "passes" | "answer-lost" | "request-lost";

/** Stands between a witness and its server, and decides the fate of each request by its DynamoDB operation. */
export class LossyPath {
  readonly endpoint: string;
  /** Operations in the order in which they arrived here. */
  readonly seen: string[] = [];
  fate: (operation: string, nth: number) => Fate = () => "passes";
  readonly #server: Server;

  private constructor(endpoint: string, server: Server) {
    this.endpoint = endpoint;
    this.#server = server;
  }

  static async to(endpoint: string): Promise<LossyPath> {
    const server = createServer();
    const path = new LossyPath(await listen(server), server);
    server.on("request", (incoming, outgoing) => {
      const operation = String(incoming.headers["x-amz-target"]).split(".")[1] ?? "";
      path.seen.push(operation);
      const fate = path.fate(operation, path.seen.filter((seen) => seen === operation).length);
      if (fate === "request-lost") return void incoming.resume();
      const forwarded = request(endpoint, { method: "POST", headers: incoming.headers }, (answer) => {
        if (fate === "answer-lost") return void answer.resume();
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      incoming.pipe(forwarded);
    });
    return path;
  }

  close(): Promise<void> {
    return close(this.#server);
  }
}
