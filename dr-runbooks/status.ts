import { cellRegions } from "@castle/regions/catalogue.ts";
import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import type { WitnessRecord } from "@castle/regions/witness/record.ts";
import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import { EdgeEndpoint } from "./aws/edge-endpoint.ts";
import { Cell } from "./cells/cell.ts";
import type { DatabaseRole, StreamProgress } from "./cells/database.ts";
import { ANSWERS_WITHIN, orUnreachable, type Unreachable } from "./cells/reachable.ts";
import { awsClients } from "./clients.ts";
import { type ClaimTold, claimHeld } from "./engine/held-by.ts";
import { listExecutions } from "./engine/record.ts";
import type { CellRegion, Target } from "./target.ts";

export interface CellStatus {
  readonly region: CellRegion;
  readonly database: (DatabaseRole & { readonly streams: readonly StreamProgress[] }) | Unreachable;
  /** The journal in this region holds the peer's commands. `epoch` 0: nobody has appended yet. */
  readonly journal: { readonly epoch: number; readonly marks: Readonly<Record<StreamId, Seq>> } | Unreachable;
  readonly cache: { readonly role: string } | Unreachable;
  /** Weight of the cell's load balancer at the edge; null when it was taken out. */
  readonly endpoint: { readonly weight: number | null } | Unreachable;
}

export interface UnfinishedExecution {
  readonly id: string;
  readonly runbook: string;
  readonly startedAt: number;
  /** The last step that is settled, and what ended the run, as far as is known. */
  readonly lastStep: string | null;
  readonly failure: { readonly step: string; readonly error: string } | null;
}

export interface CastleStatus {
  readonly target: string;
  readonly witness:
    | (WitnessRecord & {
        readonly changedAt: number;
        /** Who may act at this moment; null when nobody is at work. */
        readonly claim: ClaimTold | null;
      })
    | Unreachable;
  readonly cells: readonly CellStatus[];
  readonly unfinished: readonly UnfinishedExecution[] | Unreachable;
}

/** Looks at everything at once; what does not answer soon is told as unreachable. Never rejects. */
export async function castleStatus(target: Target): Promise<CastleStatus> {
  const aws = awsClients(target);
  const accelerator = aws.accelerator();
  const places = cellRegions.map((region) => new Cell(region, target.cells[region]));
  // Before anything has its time to answer in.
  for (const cell of places) cell.load();
  const [witness, unfinished, ...cells] = await Promise.all([
    witnessStatus(target),
    orUnreachable(unfinishedExecutions(target.runsFolder), ANSWERS_WITHIN),
    ...places.map((cell) => cellStatus(cell, new EdgeEndpoint(accelerator, cell.target))),
  ]);
  aws.close();
  return { target: target.name, witness, cells, unfinished };
}

async function witnessStatus(target: Target): Promise<CastleStatus["witness"]> {
  const witness = new DynamoWitness(target.witness);
  const held = await orUnreachable(
    witness.inspect().then(async ({ record, changedAt }) => {
      const claim = await claimHeld(witness.claims, record.epoch);
      return { ...record, changedAt, claim };
    }),
    ANSWERS_WITHIN,
  );
  witness.close();
  return held;
}

async function cellStatus(cell: Cell, edge: EdgeEndpoint): Promise<CellStatus> {
  const [database, journal, cache, endpoint] = await Promise.all([
    orUnreachable(databaseStatus(cell), ANSWERS_WITHIN),
    orUnreachable(journalStatus(cell), ANSWERS_WITHIN),
    orUnreachable(cacheStatus(cell), ANSWERS_WITHIN),
    orUnreachable(
      edge.weight().then((weight) => ({ weight })),
      ANSWERS_WITHIN,
    ),
  ]);
  void cell.close();
  return { region: cell.region, database, journal, cache, endpoint };
}

async function databaseStatus({ database }: Cell) {
  const [role, streams] = await Promise.all([database.role(), database.streams()]);
  return { ...role, streams };
}

async function journalStatus({ journal }: Cell) {
  const [epoch, marks] = await Promise.all([journal.epoch(), journal.highWater()]);
  return { epoch, marks: Object.fromEntries([...marks].sort()) };
}

async function cacheStatus({ cache }: Cell) {
  await cache.connected();
  return { role: await cache.role() };
}

async function unfinishedExecutions(folder: string): Promise<UnfinishedExecution[]> {
  const executions = await listExecutions(folder);
  return executions
    .filter(({ finished }) => finished === null)
    .map(({ id, runbook, startedAt, settled, failure }) => ({
      id,
      runbook,
      startedAt,
      lastStep: settled.at(-1)?.step ?? null,
      failure,
    }));
}
