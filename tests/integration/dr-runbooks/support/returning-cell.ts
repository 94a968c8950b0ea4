import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Target } from "@castle/dr-runbooks/target.ts";
import { type ControlPlane, startControlPlane } from "@castle/lab/aws/control-plane.ts";
import { labIdentifiers } from "@castle/lab/aws/identifiers.ts";
import { evidenceBuckets } from "@castle/lab/aws/s3/buckets.ts";
import { bearServers } from "@castle/lab/birth.ts";
import { buildLab, type LabParts } from "@castle/lab/build.ts";
import { PerCell } from "@castle/lab/cells/per-cell.ts";
import { createSecrets } from "@castle/lab/environment.ts";
import { layOut } from "@castle/lab/layout.ts";
import { PortBlock } from "@castle/lab/ports.ts";
import { Host } from "@castle/lab/processes/host.ts";
import { createPostgresAccess } from "@castle/lab/servers/postgres-access.ts";
import { labTarget } from "@castle/lab/target.ts";
import type { CellRegion } from "@castle/regions/catalogue.ts";
import { epoch } from "@castle/regions/epoch.ts";
import type { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { catalogueSizes } from "@castle/services/catalogue.ts";
import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import type { Knex } from "knex";
import { REGION, WitnessServer } from "../../witness/witness-server.ts";
import { AwsOfTests } from "./aws-of-tests.ts";
import { HOME, PEER } from "./handover-rig.ts";

/**
 * HOME is active in epoch 1; PEER's real servers follow it, as replicas do. No service runs: what the gateways of HOME
 * would do for a cell that comes back is a test's to do, or to leave.
 */
export class ReturningCell {
  readonly parts: LabParts;
  readonly aws: AwsOfTests;
  readonly witness: DynamoWitness;
  readonly target: Target;
  /** HOME's database and PEER's journal: what HOME's gateways write to. */
  readonly database: Knex;
  readonly journal: Knex;
  readonly #ends: (() => Promise<unknown> | unknown)[];

  private constructor(
    made: Pick<ReturningCell, "parts" | "aws" | "witness" | "target">,
    ends: (() => Promise<unknown> | unknown)[],
  ) {
    this.parts = made.parts;
    this.aws = made.aws;
    this.witness = made.witness;
    this.target = made.target;
    this.database = connectDatabase(made.target.cells[HOME].databaseUrl, { name: "test", max: 2 });
    this.journal = connectDatabase(made.target.cells[PEER].journalUrl, { name: "test", max: 2 });
    this.#ends = ends;
  }

  static async start(): Promise<ReturningCell> {
    const ports = await PortBlock.claim();
    const host = new Host();
    const layout = await layOut(() => ports.take());
    const secrets = createSecrets(createPostgresAccess(host));
    const bare = {
      ...layout,
      cells: PerCell.make((region) => ({ ...layout.cells.in(region), services: [] })),
    };
    const parts = buildLab({
      ...{ host, layout: bare, secrets, symbols: ["BTCUSDT"], rttMs: 4, soloAfterMs: 2_000 },
      ...{ nearest: HOME, rejoinDelayMs: 0, takePort: () => ports.take(), note: () => undefined },
    });
    await parts.network.start();
    const [witnesses] = await Promise.all([
      WitnessServer.start(),
      bearServers(parts, { layout: bare, symbols: ["BTCUSDT"] }),
    ]);
    const { table, witness } = await witnesses.holding({
      ...{ epoch: epoch(1), activeRegion: HOME, mode: "solo", changedBy: "a gateway" },
    });
    const aws = new AwsOfTests(HOME, { database: async () => undefined, cache: async () => undefined });
    const controlPlane: ControlPlane = await startControlPlane({
      ...{ port: 0, cells: aws },
      buckets: evidenceBuckets(labIdentifiers(), { folder: host.subfolder("s3") }),
    });
    const target: Target = {
      ...labTarget({
        layout: bare,
        secrets,
        sizes: catalogueSizes,
        runsFolder: host.subfolder("runs"),
        keyFile: join(host.folder, "evidence-key.pem"),
      }),
      awsEndpoint: controlPlane.url,
      witness: { table, region: REGION, endpoint: witnesses.endpoint },
    };
    return new ReturningCell({ parts, aws, witness, target }, [
      () => controlPlane.close(),
      () => witnesses.stop(),
      () => parts.database.close(),
      () => parts.datastore.close(),
      () => parts.network.letGo(),
      () => parts.regions.all.map((region) => region.letGo()),
      () => host.close(),
      () => ports.release(),
    ]);
  }

  /** The target as a file, as a process of its own takes it. */
  targetFile(): string {
    const path = join(this.target.runsFolder, "target.json");
    writeFileSync(path, JSON.stringify(this.target));
    return path;
  }

  region(name: CellRegion) {
    return this.parts.regions.in(name);
  }

  /** Commands as HOME's gateway accepts them: the stream's end moves, and PEER's database follows by itself. */
  async accept(last: number): Promise<void> {
    await this.database.raw("update stream set last_seq = ? where name = 'BTCUSDT'", [last]);
  }

  /** What HOME's gateways do for the cell that is back: its journal at HOME's epoch, and filled. */
  async backfill(upTo: number): Promise<void> {
    await this.journal.raw("select journal_raise_epoch(1)");
    await this.journal.raw("select journal_vouch(1, 'BTCUSDT', ?, 0)", [upTo]);
  }

  async pair(): Promise<void> {
    await this.witness.change({ kind: "pair", region: HOME, epoch: epoch(1), by: "a gateway" });
  }

  async stop(): Promise<void> {
    await Promise.all([this.database.destroy(), this.journal.destroy()]);
    for (const end of this.#ends) await end();
  }
}
