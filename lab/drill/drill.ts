import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { findings } from "@castle/dr-runbooks/report/findings.ts";
import type { Report } from "@castle/dr-runbooks/report/report.ts";
import type { WitnessRecord } from "@castle/regions/witness/record.ts";
import { openAccounts } from "../accounts.ts";
import { audit } from "../audit/audit.ts";
import { Lab } from "../lab.ts";
import { sabotage } from "../sabotage.ts";
import { now } from "../traders/clock.ts";
import { fundsFor } from "../traders/mid-price.ts";
import type { TraderRecords } from "../traders/trader-records.ts";
import { startTraders, type Traders } from "../traders/traders.ts";
import { checksOf } from "./checks.ts";
import { Chronicle, type DrillEvent } from "./chronicle.ts";
import { evaluateHandovers, evaluateLoad, evaluateTimeline } from "./evaluate.ts";
import { MemoryWatch } from "./memory.ts";
import { Operator } from "./operator.ts";
import { type AskedDrill, type DrillOptions, drillOptions } from "./options.ts";
import { scenarios } from "./scenarios.ts";
import type { PlayedHandover, Stage } from "./stage.ts";
import { thisMachine, versionsOf } from "./surroundings.ts";

export interface DrillSetting {
  readonly onEvent?: (event: DrillEvent) => void;
  /** A lab that runs already, and is left running. It must be as a lab is when it comes up: home active, paired. */
  readonly lab?: Lab;
  /** Aborted to end the drill early: what it started is gone when it rejects. */
  readonly signal?: AbortSignal;
  /** Leaves the lab's folder, with logs and the traders' records, where it is. */
  readonly keep?: boolean;
}

/**
 * Plays a scenario on the lab and judges it. Resolves with the report whatever the verdict.
 * @throws ServerMissing and the like when the lab cannot start; the signal's reason; Error when nothing can be judged
 */
export async function runDrill(options: DrillOptions, setting: DrillSetting = {}): Promise<Report> {
  const beganAt = now();
  const { onEvent = () => undefined, signal = new AbortController().signal } = setting;
  const chronicle = new Chronicle(onEvent, now);
  const memory = new MemoryWatch();
  const lab =
    setting.lab ??
    (await chronicle.around("both regions start", () => startLab(options, setting, chronicle)));
  const labUpMs = setting.lab ? null : now() - beganAt;
  try {
    signal.throwIfAborted();
    const versions = await versionsOf(lab.target);
    const played = await play(options, lab, chronicle, signal);
    return judge(options, played, {
      labUpMs,
      durationMs: now() - beganAt,
      peakBytes: memory.stop(),
      versions,
    });
  } finally {
    memory.stop();
    if (!setting.lab) await chronicle.around("the lab goes down", () => lab.down());
    if (setting.keep) chronicle.tell({ kind: "note", text: `kept: ${lab.folder}` });
  }
}

/** {@link runDrill} by a scenario's name, with its own defaults for what is not asked for. */
export const playScenario = (asked: AskedDrill, setting: DrillSetting = {}): Promise<Report> =>
  runDrill(drillOptions(asked), setting);

const startLab = (
  { rttMs, symbols }: DrillOptions,
  { keep = false }: DrillSetting,
  chronicle: Chronicle,
): Promise<Lab> =>
  Lab.up({ rttMs, symbols, keep, onProgress: (text) => chronicle.tell({ kind: "note", text }) });

/** What a story leaves behind. */
interface Played {
  readonly records: TraderRecords;
  readonly audit: Report["audit"];
  readonly chronicle: Chronicle;
  readonly handovers: readonly PlayedHandover[];
  readonly ending: WitnessRecord;
  readonly stopped: string | null;
  readonly unreadable: readonly string[];
}

async function play(
  options: DrillOptions,
  lab: Lab,
  chronicle: Chronicle,
  signal: AbortSignal,
): Promise<Played> {
  const { accounts: count, seed, symbols, rps } = options;
  const { patientShare } = scenarios[options.scenario];
  const accounts = await chronicle.around(`${count} accounts funded`, () =>
    openAccounts(lab, { count, seed, funds: fundsFor(symbols) }),
  );
  const broken = options.sabotage;
  if (broken) await chronicle.around(`"${broken}" broken on purpose`, () => sabotage(lab, broken));
  const operator = new Operator(lab.target);
  const recordsFolder = await mkdtemp(join(lab.folder, "records-"));
  const traders = await startTraders({
    edge: lab.edge,
    accounts,
    symbols,
    rps,
    seed,
    patientShare,
    recordsFolder,
  });
  const telling = setInterval(() => tellLoad(traders, chronicle), 250);
  try {
    const stage: Stage = { options, lab, traders, operator, chronicle, handovers: [], fault: null, signal };
    const stopped = await playActs(stage);
    const ending = await operator.witness();
    clearInterval(telling);
    const records = await chronicle.around("the load ends", () => traders.stop());
    const found = await chronicle.around("audit", () =>
      auditAll(options, lab, records, stage.handovers, ending),
    );
    return {
      records,
      audit: found,
      chronicle,
      handovers: stage.handovers,
      ending,
      stopped,
      unreadable: traders.problems,
    };
  } finally {
    clearInterval(telling);
    operator.close();
    await traders.kill();
  }
}

/** Holds what the traders were told against the database of the cell that the witness names. */
function auditAll(
  { symbols }: DrillOptions,
  { target }: Lab,
  records: TraderRecords,
  handovers: readonly PlayedHandover[],
  { activeRegion }: WitnessRecord,
): Promise<Report["audit"]> {
  return audit({
    ...{ records, symbols },
    databases: target.cells[activeRegion],
    handovers: handovers.map(({ result }) => ({
      epoch: result.epoch,
      // A fence that could not be confirmed stands, for the audit, when the runbook went past it.
      fencedAt: result.fencedAt ?? result.startedAt,
    })),
  });
}

/** @returns why the story could not be played to its end; null when it was. */
async function playActs(stage: Stage): Promise<string | null> {
  for (const { kind, name, play } of scenarios[stage.options.scenario].acts) {
    try {
      await stage.chronicle.during(kind, name, () => play(stage));
    } catch (error) {
      stage.signal.throwIfAborted();
      return `${name}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return null;
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

interface Measured {
  readonly labUpMs: number | null;
  readonly durationMs: number;
  readonly peakBytes: number;
  readonly versions: Report["versions"];
}

function judge(options: DrillOptions, played: Played, measured: Measured): Report {
  const { scenario, sabotage: broken, seed, rttMs, rps, seconds, symbols, accounts, judgeSpeed } = options;
  const { records, chronicle, handovers, ending, stopped, unreadable } = played;
  const { story, promises } = scenarios[scenario];
  const marks = chronicle.marks(records.summary.startedAt);
  const timeline = evaluateTimeline(records);
  const report: Omit<Report, "checks" | "verdict"> = {
    format: 1,
    scenario,
    story: story({ rps }),
    sabotage: broken,
    startedAt: new Date(records.summary.startedAt).toISOString(),
    durationMs: Math.round(measured.durationMs),
    labUpMs: measured.labUpMs === null ? null : Math.round(measured.labUpMs),
    seed,
    rttMs,
    options: { seconds, symbols: [...symbols], accounts, judgeSpeed },
    load: evaluateLoad(records, marks, rps),
    handovers: evaluateHandovers(handovers, records, timeline, rps),
    timeline,
    marks,
    audit: played.audit,
    memory: { peakBytes: measured.peakBytes },
    machine: thisMachine(),
    versions: measured.versions,
  };
  const checks = checksOf({ report, promises, ending, stopped, unreadable });
  const { format, ...rest } = report;
  return { format, verdict: findings({ ...report, checks }).length === 0 ? "pass" : "fail", ...rest, checks };
}
