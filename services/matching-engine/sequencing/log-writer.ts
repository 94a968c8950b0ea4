import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import type { Gate, Mode } from "@castle/regions/role.ts";
import { commandColumns, keyColumn } from "../../kernel/database/command-log.ts";
import type { PipelinedConnection, Statement } from "../../kernel/database/pipelined.ts";
import type { AcceptedCommand } from "../../kernel/domain/command.ts";

/** As whom an engine writes: only the one that leads in the cell's epoch may. */
export interface LeadIdentity {
  readonly epoch: Epoch;
  readonly region: RegionName;
  readonly generation: number;
}

const LOG: Statement = {
  name: "log",
  text: "select castle_log($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as durability",
};

/** The cell's own command log. Batches go out without waiting for those before them, and are committed in order. */
export class LogWriter {
  readonly #connection: PipelinedConnection;
  readonly #lead: LeadIdentity;

  constructor(connection: PipelinedConnection, lead: LeadIdentity) {
    this.#connection = connection;
    this.#lead = lead;
  }

  /**
   * Commits a batch that was decided under `gate`.
   * @returns what an acknowledgement of it waits for: read under the guard, so that no change of mode slips between
   * @throws SQLSTATE CS001, CS005 when another epoch or engine holds the log, CS004 when the gate is another by now, CS006
   * when the batch does not follow what is there; ConnectionLost when nobody can say whether it was committed.
   */
  async write(commands: readonly AcceptedCommand[], gate: Gate): Promise<Mode> {
    const { epoch, region, generation } = this.#lead;
    const [streams, seqs, , accountIds, clientIds, kinds, acceptedAts, bodies] = commandColumns(commands);
    const [row] = await this.#connection.run<{ durability: Mode }>(LOG, [
      ...[epoch, region, generation, gate],
      ...[streams, seqs, accountIds, clientIds, kinds, acceptedAts, bodies, keyColumn(commands)],
    ]);
    if (!row) throw new Error("castle_log() answered no row");
    return row.durability;
  }
}
