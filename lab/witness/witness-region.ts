import { once } from "node:events";
import { Server as HttpServer } from "node:http";
import { homeRegion, witnessRegion } from "@castle/regions/catalogue.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { createWitnessTable, DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import type { WitnessRecord } from "@castle/regions/witness/record.ts";
import dynalite from "dynalite";

export const WITNESS_TABLE = "castle-lab-witness";

/** The first record of a new platform: its engine pairs the cells by itself. */
const firstRecord: WitnessRecord = {
  epoch: epoch(1),
  activeRegion: homeRegion,
  mode: "solo",
  changedBy: "bootstrap",
};

/**
 * The third region, which holds the witness and nothing else: a DynamoDB in this process, at `endpoint` for operators
 * (without the link).
 */
export class WitnessRegion {
  readonly endpoint: string;
  readonly witness: DynamoWitness;
  readonly #server: ReturnType<typeof dynalite>;
  readonly #port: number;

  private constructor(port: number, server: ReturnType<typeof dynalite>) {
    this.#port = port;
    this.endpoint = `http://127.0.0.1:${port}`;
    this.#server = server;
    this.witness = new DynamoWitness({
      ...{ table: WITNESS_TABLE, region: witnessRegion, endpoint: this.endpoint },
    });
  }

  /** With the table and its first record. @throws Error when the port is taken */
  static async start(port: number): Promise<WitnessRegion> {
    const server = dynalite({ createTableMs: 0 });
    server.listen({ port, host: "127.0.0.1" });
    await once(server, "listening");
    const started = new WitnessRegion(port, server);
    await createWitnessTable({ table: WITNESS_TABLE, region: witnessRegion, endpoint: started.endpoint });
    await started.witness.create(firstRecord);
    return started;
  }

  /** The third region is out of reach for everybody: connections break, new ones are refused. What it holds, it keeps. */
  async lose(): Promise<void> {
    // dynalite's own close() would close its store too: it has no second life, and a request under way would throw.
    const closed = new Promise((resolve) => HttpServer.prototype.close.call(this.#server, resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async comeBack(): Promise<void> {
    HttpServer.prototype.listen.call(this.#server, { port: this.#port, host: "127.0.0.1" });
    await once(this.#server, "listening");
  }

  async close(): Promise<void> {
    this.witness.close();
    await this.lose();
  }
}
