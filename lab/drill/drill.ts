import type { ExecutionReport } from "@castle/dr-runbooks/report/execution/report.ts";
import type { Report } from "@castle/dr-runbooks/report/report.ts";
import { Lab } from "../lab.ts";
import { now } from "../traders/clock.ts";
import { Chronicle, type DrillEvent } from "./chronicle.ts";
import { judge } from "./judge.ts";
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
 * @throws ServerMissing and the like when the lab cannot start; the signal's reason; Error when nothing can be judged
 */
export async function runDrill(options: DrillOptions, setting: DrillSetting = {}): Promise<Report> {
  const beganAt = now();
  const { onEvent = () => undefined, signal = new AbortController().signal, keep = false } = setting;
  const chronicle = new Chronicle(onEvent, now);
  const lab = setting.lab ?? (await startLab(options, keep, chronicle));
  const labUpMs = setting.lab ? null : now() - beganAt;
  const memory = new MemoryWatch();
  try {
    signal.throwIfAborted();
    const versions = await versionsOf(lab.target);
    const played = await play(options, lab, chronicle, signal, setting.looks);
    setting.onExecutions?.(played.executions);
    const durationMs = now() - beganAt;
    return judge(options, played, chronicle, { labUpMs, durationMs, peakBytes: memory.stop(), versions });
  } finally {
    memory.stop();
    if (!setting.lab) await chronicle.around("the lab goes down", () => lab.down());
    if (keep) chronicle.tell({ kind: "note", text: `kept, with logs and records: ${lab.folder}` });
  }
}

/** {@link runDrill} by a scenario's name, with its own defaults for what is not asked for. @throws BadDrillOptions */
export const playScenario = (asked: AskedDrill, setting: DrillSetting = {}): Promise<Report> =>
  runDrill(drillOptions(asked), setting);

const startLab = ({ rttMs, symbols }: DrillOptions, keep: boolean, chronicle: Chronicle): Promise<Lab> =>
  chronicle.around("both regions start", () =>
    Lab.up({ rttMs, symbols, keep, onProgress: (text) => chronicle.tell({ kind: "note", text }) }),
  );
