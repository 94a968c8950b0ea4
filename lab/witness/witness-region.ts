import { once } from "node:events";
import { homeRegion, witnessRegion } from "@castle/regions/catalogue.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { createWitnessTable, DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import type { WitnessRecord } from "@castle/regions/witness/record.ts";
import dynalite from "dynalite";

export const WITNESS_TABLE = "castle-lab-witness";

/** The first record of a new platform: its gateways pair by themselves. */
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

  private constructor(endpoint: string, server: ReturnType<typeof dynalite>) {
    this.endpoint = endpoint;
    this.#server = server;
    this.witness = new DynamoWitness({ table: WITNESS_TABLE, region: witnessRegion, endpoint });
  }

  /** With the table and its first record. @throws Error when the port is taken */
  static async start(port: number): Promise<WitnessRegion> {
    const server = dynalite({ createTableMs: 0 });
    server.listen({ port, host: "127.0.0.1" });
    await once(server, "listening");
    const started = new WitnessRegion(`http://127.0.0.1:${port}`, server);
    await createWitnessTable({ table: WITNESS_TABLE, region: witnessRegion, endpoint: started.endpoint });
    await started.witness.create(firstRecord);
    return started;
  }

  async close(): Promise<void> {
    this.witness.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
