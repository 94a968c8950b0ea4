import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { Audit } from "@castle/dr-runbooks/report/report.ts";
import { openAccounts } from "../accounts.ts";
import { audit } from "../audit/audit.ts";
import type { Lab } from "../lab.ts";
import { now } from "../traders/clock.ts";
import { fundsFor } from "../traders/mid-price.ts";
import { startTraders, type Traders } from "../traders/traders.ts";
import { answersWithoutErrors, warmUp } from "./acts.ts";
import { Chronicle, type DrillEvent } from "./chronicle.ts";
import { finishWhatWasBegun } from "./finish.ts";
import { Operator } from "./operator.ts";
import type { CommandMet } from "./operator-commands.ts";
import { drillOptions } from "./options.ts";
import { type Schedule, scheduleOf } from "./schedule.ts";
import type { Stage } from "./stage.ts";
import { Struck } from "./strike.ts";
import { auditViolations, evidenceViolations, handoversSince } from "./violations.ts";
import { untilWhole } from "./whole.ts";

/** What became of one schedule. */
export interface RandomRun {
  readonly schedule: Schedule;
  /** What is wrong, a sentence each; empty when every invariant held. */
  readonly violations: readonly string[];
  /** What came of the commands that operators gave. */
  readonly commands: readonly CommandMet[];
  readonly tookMs: number;
  readonly acknowledged: number;
  /** null when it did not come to an audit. */
  readonly audit: Audit | null;
}

const load = { rps: 100, seconds: 2, accounts: 60 } as const;
/** For each thing that is waited for. It ends in a moment where it ends at all: a busy machine is no violation. */
const PATIENCE_MS = 120_000;

/**
 * Plays the schedule of a seed on a running lab under load, heals everything, ends what an operator began, waits until
 * one cell is active and both are paired, and audits. Any violation is in the result; it throws only when interrupted.
 */
export async function playSchedule(
  lab: Lab,
  options: { readonly seed: number; readonly lastsMs: number },
  setting: { readonly signal: AbortSignal; readonly onEvent: (event: DrillEvent) => void },
): Promise<RandomRun> {
  const beganAt = now();
  const schedule = scheduleOf(options.seed, options.lastsMs);
  const violations: string[] = [];
  let acknowledged = 0;
  let found: Audit | null = null;
  let commands: readonly CommandMet[] = [];
  let traders: Traders | null = null;
  const violated = (error: unknown): void => {
    setting.signal.throwIfAborted();
    violations.push(error instanceof Error ? error.message : String(error));
  };
  const operator = new Operator(lab.target);
  try {
    const drill = drillOptions({ scenario: "ledger", seed: options.seed, ...load });
    traders = await tradersOf(lab, drill, patience(schedule));
    const stage: Stage = {
      ...{ options: drill, lab, traders, operator, signal: setting.signal },
      chronicle: new Chronicle(setting.onEvent, now),
      ...{ handovers: [], observed: [], later: [], fault: null, exposure: null, givenUp: null },
      ...{ looks: false, look: null, heldByOthers: () => null },
    };
    await warmUp().play(stage);
    const struck = new Struck(stage, (await operator.witness()).activeRegion);
    commands = struck.commands.met;
    // Whatever is not as it was, and keeps answers from coming: what was told before can be audited.
    await beStruck(stage, schedule, struck).catch(violated);
    await answersWithoutErrors(stage, PATIENCE_MS).catch(violated);
    const records = await traders.stop();
    acknowledged = records.totals.acknowledged;
    const unknown = records.totals.lost + records.summary.underWay;
    if (unknown > 0) violations.push(`nobody could learn what became of ${unknown} commands`);
    violations.push(...traders.problems.map((problem) => `an answer nobody could read: ${problem}`));
    found = await audit({
      ...{ records, symbols: drill.symbols },
      databases: lab.target.cells[(await operator.witness()).activeRegion],
      handovers: await handoversSince(lab, beganAt),
    });
    violations.push(...auditViolations(found), ...(await evidenceViolations(lab)));
  } catch (error) {
    violated(error);
  } finally {
    operator.close();
    await traders?.kill();
  }
  return { schedule, violations, commands, tookMs: Math.round(now() - beganAt), acknowledged, audit: found };
}

/** Who holds on to a connection for 20 s would wait that long, twice, for one in a black hole: nobody does there. */
const patience = ({ blows }: Schedule): number =>
  blows.some(({ blow }) => blow.kind === "black-hole") ? 0 : 0.2;

async function tradersOf(
  lab: Lab,
  { seed, symbols, rps, accounts }: Stage["options"],
  patientShare: number,
): Promise<Traders> {
  const opened = await openAccounts(lab, {
    ...{ count: accounts, seed, firstId: seed * 10_000 + 1, funds: fundsFor(symbols) },
  });
  return startTraders({
    ...{ edge: lab.edge, accounts: opened, symbols, rps, seed, patientShare },
    recordsFolder: await mkdtemp(join(lab.folder, "records-")),
  });
}

/** Every blow falls at its moment; then all is healed, and what an operator began comes to its end. */
async function beStruck(stage: Stage, { blows }: Schedule, struck: Struck): Promise<void> {
  const { lab, signal, chronicle } = stage;
  const startedAt = now();
  try {
    const fallen = await Promise.allSettled(blows.map((blow) => struck.fall(blow, startedAt)));
    for (const blow of fallen)
      if (blow.status === "rejected") chronicle.tell({ kind: "note", text: `a blow missed: ${blow.reason}` });
  } finally {
    await struck.healAll();
  }
  await struck.commands.ended(PATIENCE_MS);
  if (struck.commands.met.length > 0) await finishWhatWasBegun(stage, PATIENCE_MS);
  await untilWhole(lab, { withinMs: PATIENCE_MS, signal });
}
