import { tmpdir } from "node:os";
import type { ExecutionReport } from "@castle/dr-runbooks/report/execution/report.ts";
import type { Report } from "@castle/dr-runbooks/report/report.ts";
import { Lab } from "../lab.ts";
import type { MachineFigures } from "../machine/figures.ts";
import { MachineWatch } from "../machine/watch.ts";
import { compileServices } from "../processes/compile.ts";
import { now } from "../traders/clock.ts";
import type { TimeWindow } from "../traders/windows.ts";
import { Chronicle, type DrillEvent } from "./chronicle.ts";
import { judge } from "./judge.ts";
import { checkMachine } from "./machine-check.ts";
import { watchedEvents } from "./machine-events.ts";
import { MemoryWatch } from "./memory.ts";
import { type AskedDrill, type DrillOptions, drillOptions } from "./options.ts";
import { play } from "./play.ts";
import { versionsOf } from "./surroundings.ts";

export interface DrillSetting {
  readonly onEvent?: (event: DrillEvent) => void;
  /** A lab that runs already, and is left running. It must be as a lab is when it comes up: home active, paired. */
  readonly lab?: Lab;
  /** Aborted to end the drill early: what it started is gone when it rejects. */
  readonly signal?: AbortSignal;
  /** Leaves the lab's folder, with logs and the traders' records, where it is. */
  readonly keep?: boolean;
  /** Handovers look at readiness before and after, which takes the story a little longer. */
  readonly looks?: boolean;
  /** Told what the records of the handovers hold, before the lab that holds them goes down. */
  readonly onExecutions?: (executions: readonly ExecutionReport[]) => void;
}

/**
 * Plays a scenario on a lab and judges it. Resolves with the report whatever the verdict.
 * @throws MachineUnfit, ServerMissing and the like when the lab cannot start; the signal's reason; Error when nothing can
 * be judged
 */
export async function runDrill(options: DrillOptions, setting: DrillSetting = {}): Promise<Report> {
  const beganAt = now();
  const { onEvent = () => undefined, signal = new AbortController().signal, keep = false } = setting;
  const idle = setting.lab ? null : await prepare(options, new Chronicle(onEvent, now));
  signal.throwIfAborted();
  // A lab's folder is one of the system's temporary folder, unless somebody brings a lab along.
  const watch = new MachineWatch(setting.lab?.folder ?? tmpdir());
  const chronicle = new Chronicle(watchedEvents(watch, onEvent), now);
  const memory = new MemoryWatch();
  let lab = setting.lab;
  let labUp: TimeWindow | null = null;
  try {
    if (!lab) {
      const from = now();
      lab = await startLab(options, keep, chronicle);
      labUp = { from, to: now() };
    }
    signal.throwIfAborted();
    const versions = await versionsOf(lab.target);
    const played = await play(options, {
      lab,
      chronicle,
      signal,
      watch,
      idle,
      looks: setting.looks ?? false,
    });
    setting.onExecutions?.(played.executions);
    const durationMs = now() - beganAt;
    return judge(options, played, chronicle, {
      ...{ durationMs, versions, peakBytes: memory.stop() },
      machine: { record: watch.record, idle, labUp },
    });
  } finally {
    memory.stop();
    await watch.stop();
    if (lab && !setting.lab) await down(lab, keep, chronicle);
  }
}

/** {@link runDrill} by a scenario's name, with its own defaults for what is not asked for. @throws BadDrillOptions */
export const playScenario = (asked: AskedDrill, setting: DrillSetting = {}): Promise<Report> =>
  runDrill(drillOptions(asked), setting);

/** The clock of no figure runs yet. @returns the machine before the lab starts */
async function prepare(options: DrillOptions, chronicle: Chronicle): Promise<MachineFigures | null> {
  const idle = await chronicle.around("the machine is checked", () => checkMachine(options, chronicle));
  await chronicle.around("what a lab runs is compiled", compileServices);
  return idle;
}

const startLab = ({ rttMs, symbols }: DrillOptions, keep: boolean, chronicle: Chronicle): Promise<Lab> =>
  chronicle.around("both regions start", () =>
    Lab.up({ rttMs, symbols, keep, onProgress: (text) => chronicle.tell({ kind: "note", text }) }),
  );

async function down(lab: Lab, keep: boolean, chronicle: Chronicle): Promise<void> {
  await chronicle.around("the lab goes down", () => lab.down());
  if (keep) chronicle.tell({ kind: "note", text: `kept, with logs and records: ${lab.folder}` });
}
