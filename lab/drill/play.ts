import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { readReport } from "@castle/dr-runbooks/report/execution/read.ts";
import type { ExecutionReport } from "@castle/dr-runbooks/report/execution/report.ts";
import type { Report } from "@castle/dr-runbooks/report/report.ts";
import type { WitnessRecord } from "@castle/regions/witness/record.ts";
import { openAccounts } from "../accounts.ts";
import { audit } from "../audit/audit.ts";
import type { Lab } from "../lab.ts";
import type { MachineFigures } from "../machine/figures.ts";
import { heldByOthers } from "../machine/held.ts";
import type { MachineWatch } from "../machine/watch.ts";
import { type Sabotaged, sabotage } from "../sabotage.ts";
import { fundsFor } from "../traders/mid-price.ts";
import type { TraderRecords } from "../traders/trader-records.ts";
import { startTraders, type Traders } from "../traders/traders.ts";
import type { Chronicle } from "./chronicle.ts";
import type { GivenUp, Observation } from "./observation.ts";
import { Operator } from "./operator.ts";
import type { DrillOptions } from "./options.ts";
import { scenarios } from "./scenarios.ts";
import type { PlayedHandover, Stage } from "./stage.ts";

/** More than any drill has; see options.ts. */
const MOST_ACCOUNTS = 10_000;

/** What a story leaves behind. */
export interface Played {
  readonly records: TraderRecords;
  readonly audit: Report["audit"];
  readonly handovers: readonly PlayedHandover[];
  /** What the record of each handover tells. */
  readonly executions: readonly ExecutionReport[];
  readonly observed: readonly Observation[];
  readonly givenUp: GivenUp | null;
  /** What the witness told when the load ended. */
  readonly ending: WitnessRecord;
  /** Why the story could not be played to its end; null when it was. */
  readonly stopped: string | null;
  /** Answers that nobody could read. */
  readonly unreadable: readonly string[];
}

/** What a story is played with. */
export interface PlaySetting {
  readonly lab: Lab;
  readonly chronicle: Chronicle;
  /** Aborted to end it early. */
  readonly signal: AbortSignal;
  /** Whether handovers look at readiness before and after. */
  readonly looks: boolean;
  readonly watch: Pick<MachineWatch, "recent">;
  /** The machine before the lab started; null when nobody measured it. */
  readonly idle: MachineFigures | null;
}

const TELL_EVERY_MS = 250;
/** Within the warm-up (acts.ts): a figure is judged only at the full rate. */
const RAMP_MS = 3_000;
/** What counts as "just now" where it is asked whether others hold the machine. */
const HELD_WITHIN_MS = 3_000;

/**
 * Plays the scenario on a lab that runs, and audits what it left. An act that fails ends the story, and the audit is made
 * nevertheless. @throws the signal's reason; Error when there is nothing to audit
 */
export async function play(
  options: DrillOptions,
  { lab, chronicle, signal, looks, watch, idle }: PlaySetting,
): Promise<Played> {
  const accounts = await chronicle.around(`${options.accounts} accounts funded`, () =>
    openAccounts(lab, {
      count: options.accounts,
      seed: options.seed,
      // Several stories may be played on one lab, each with accounts of its own.
      firstId: options.seed * MOST_ACCOUNTS + 1,
      funds: fundsFor(options.symbols),
    }),
  );
  const sabotaged = await breakOnPurpose(options, lab, chronicle);
  const operator = new Operator(lab.target);
  const { symbols, rps, seed, scenario } = options;
  const traders = await startTraders({
    ...{ edge: lab.edge, accounts, symbols, rps, seed },
    patientShare: scenarios[scenario].patientShare,
    rampMs: options.judgeSpeed ? RAMP_MS : 0,
    recordsFolder: await mkdtemp(join(lab.folder, "records-")),
  });
  const telling = setInterval(() => tellLoad(traders, chronicle), TELL_EVERY_MS);
  try {
    const stage: Stage = {
      ...{ options, lab, traders, operator, chronicle, signal },
      ...{ handovers: [], observed: [], later: [], fault: null, exposure: null, givenUp: null },
      ...{ looks, look: null },
      heldByOthers: () => heldByOthers(watch.recent(HELD_WITHIN_MS), idle),
    };
    const stopped = await playActs(stage);
    const ending = await operator.witness();
    clearInterval(telling);
    const records = await chronicle.around("the load ends", () => traders.stop());
    const { handovers, givenUp } = stage;
    const observed = [...stage.observed, ...(await Promise.all(stage.later.map((look) => look(records))))];
    const found = await chronicle.around("audit", () => auditAll(stage, records, ending));
    const executions = await recordsOf(handovers, lab);
    return {
      records,
      audit: found,
      handovers,
      executions,
      observed,
      givenUp,
      ending,
      stopped,
      unreadable: traders.problems,
    };
  } finally {
    clearInterval(telling);
    operator.close();
    await traders.kill();
    await sabotaged?.stop();
  }
}

/** One that cannot be read is missing, and a check of the drill tells so. */
async function recordsOf(handovers: readonly PlayedHandover[], { target }: Lab): Promise<ExecutionReport[]> {
  const read = await Promise.allSettled(handovers.map(({ result }) => readReport({ target, id: result.id })));
  return read.flatMap((record) => (record.status === "fulfilled" ? [record.value] : []));
}

function breakOnPurpose(
  { sabotage: what }: DrillOptions,
  lab: Lab,
  chronicle: Chronicle,
): Promise<Sabotaged> | null {
  return what && chronicle.around(`"${what}" broken on purpose`, () => sabotage(lab, what));
}

/** @returns why the story could not be played to its end; null when it was. */
async function playActs(stage: Stage): Promise<string | null> {
  for (const act of scenarios[stage.options.scenario].acts) {
    try {
      await stage.chronicle.during(act.kind, act.name, () => act.play(stage));
    } catch (error) {
      stage.signal.throwIfAborted();
      return `${act.name}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return null;
}

/** Holds what the traders were told against the database of the cell that the witness names. */
function auditAll(
  { options, lab, handovers, givenUp }: Stage,
  records: TraderRecords,
  { activeRegion }: WitnessRecord,
): Promise<Report["audit"]> {
  return audit({
    ...{ records, symbols: options.symbols, ...(givenUp ? { givenUp } : {}) },
    databases: lab.target.cells[activeRegion],
    handovers: handovers.map(({ result }) => ({
      epoch: result.epoch,
      // A fence that could not be confirmed counts, for the audit, from when the runbook began.
      fencedAt: result.fencedAt ?? result.startedAt,
    })),
  });
}

function tellLoad(traders: Traders, chronicle: Chronicle): void {
  const second = traders.stats();
  if (second === null) return;
  const { acknowledged, errors, p99 } = second;
  chronicle.tell({
    kind: "load",
    view: { acknowledgedPerSecond: acknowledged, errorsPerSecond: errors, p99 },
  });
}
