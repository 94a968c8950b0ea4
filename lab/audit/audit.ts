import type { Audit } from "@castle/dr-runbooks/report/report.ts";
import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import type { Knex } from "knex";
import { allRecords } from "../traders/json-lines.ts";
import { auditFacts, type Told } from "./audit-facts.ts";
import type { FencedHandover } from "./checks/acknowledgements.ts";
import { LedgerReader } from "./read-standing.ts";

export interface AuditOptions {
  /** What the traders were told: the folder of their records. */
  readonly records: { readonly folder: string };
  /** The database of the cell that is active at the end. */
  readonly databases: { readonly databaseUrl: string };
  /** The markets that were traded. */
  readonly symbols: readonly string[];
  readonly handovers: readonly FencedHandover[];
  /**
   * Somebody consented to losing what was acknowledged within: what was told then of orders, fills and depth may not
   * hold any more and is left out. Acknowledgements are looked for all the same. Milliseconds since 1970.
   */
  readonly givenUp?: { readonly from: number; readonly to: number };
  /** How long the engines may take to apply what was accepted last. */
  readonly settleWithinMs?: number;
}

/**
 * Audits the surviving database against the traders' records. Changes nothing.
 * @throws when the database or the records cannot be read
 */
export async function audit(options: AuditOptions): Promise<Audit> {
  const { records, databases, symbols, handovers, givenUp, settleWithinMs = 10_000 } = options;
  const db = connectDatabase(databases.databaseUrl, { name: "audit", max: 1 });
  try {
    await untilApplied(db, settleWithinMs);
    return await LedgerReader.within(db, (ledger) =>
      auditFacts({ ledger, symbols, handovers, told: toldBut(records.folder, givenUp) }),
    );
  } finally {
    await db.destroy();
  }
}

const toldBut =
  (folder: string, givenUp: AuditOptions["givenUp"]): Told =>
  async (kind) => {
    const all = await allRecords(folder, kind);
    if (!givenUp || kind === "acknowledgements") return all;
    return all.filter((told) => !("t" in told) || told.t < givenUp.from || told.t > givenUp.to);
  };

/** Waits for the engines to come to the end of every stream. If they do not, the audit itself will say so. */
async function untilApplied(db: Knex, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  do {
    const { rows } = await db.raw<{ rows: unknown[] }>(
      "select from stream s left join progress p on p.stream = s.name where coalesce(p.applied_seq, 0) < s.last_seq limit 1",
    );
    if (rows.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  } while (Date.now() < deadline);
}
