import type { CellConfig } from "../../kernel/config.ts";
import type { PipelinedConnection, Statement } from "../../kernel/database/pipelined.ts";
import type { LeadIdentity } from "../sequencing/log-writer.ts";
import type { ActiveView } from "./lead-run.ts";

const TAKE: Statement = {
  name: "take-lead",
  text: "select castle_take_lead($1, $2, $3, $4, $5) as generation",
};

/**
 * Becomes the engine that leads, in the epoch of `view`: whatever led before can log nothing more.
 * @throws SQLSTATE CS001 when the epoch is over, CS005 when another engine was faster
 */
export async function takeLead(
  connection: PipelinedConnection,
  { region, instance }: CellConfig,
  { epoch, lead }: ActiveView,
  address: string,
): Promise<LeadIdentity> {
  const [row] = await connection.run<{ generation: string }>(TAKE, [
    ...[epoch, region, lead?.generation ?? 0, instance, address],
  ]);
  if (!row) throw new Error("castle_take_lead() answered no row");
  return { epoch, region, generation: Number(row.generation) };
}
