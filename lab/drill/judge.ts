import { evidenceOf } from "@castle/dr-runbooks/report/execution/evidence.ts";
import { fails } from "@castle/dr-runbooks/report/findings.ts";
import type { Report } from "@castle/dr-runbooks/report/report.ts";
import { checksOf } from "./checks.ts";
import type { Chronicle } from "./chronicle.ts";
import { evaluateHandovers, evaluateLoad, evaluateTimeline } from "./evaluate.ts";
import { heldWhile, type MachineWatched, machineOf } from "./machine-use.ts";
import type { DrillOptions } from "./options.ts";
import type { Played } from "./play.ts";
import { scenarios } from "./scenarios.ts";
import { thisMachine } from "./surroundings.ts";

/** What was measured around the story. Milliseconds and bytes. */
export interface Measured {
  readonly durationMs: number;
  readonly peakBytes: number;
  readonly versions: Report["versions"];
  readonly machine: MachineWatched;
}

/** Makes the report, with its verdict, of a story that was played. */
export function judge(
  options: DrillOptions,
  played: Played,
  chronicle: Chronicle,
  measured: Measured,
): Report {
  const { scenario, seed, rttMs, rps, seconds, symbols, accounts, judgeSpeed } = options;
  const { records, handovers, executions, observed, givenUp, ending, stopped, unreadable } = played;
  const { story, promises } = scenarios[scenario];
  const zero = records.summary.startedAt;
  const marks = chronicle.marks(zero);
  const timeline = evaluateTimeline(records);
  const handoversSeen = evaluateHandovers(handovers, records, timeline, rps).map((handover, i) => {
    const execution = executions.find(({ id }) => id === handovers[i]?.result.id);
    return { ...handover, evidence: execution ? evidenceOf(execution) : null };
  });
  const { labUp } = measured.machine;
  const report = {
    format: 1 as const,
    scenario,
    story: story({ rps }),
    sabotage: options.sabotage,
    startedAt: new Date(zero).toISOString(),
    durationMs: Math.round(measured.durationMs),
    labUpMs: labUp && Math.round(labUp.to - labUp.from),
    ...{ seed, rttMs },
    options: { seconds, symbols: [...symbols], accounts, judgeSpeed },
    load: evaluateLoad(records, marks, { rps, judgeSpeed }),
    handovers: handoversSeen,
    audit: played.audit,
    memory: { peakBytes: measured.peakBytes },
    machine: machineOf(thisMachine(), measured.machine, marks, zero),
    versions: measured.versions,
    marks,
    timeline,
  };
  const held = heldWhile(measured.machine, report, zero);
  const checks = checksOf({ report, promises, held, observed, givenUp, ending, stopped, unreadable });
  return { verdict: checks.some(fails) ? "fail" : "pass", ...report, checks };
}
