import { mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ExecutionReport } from "./execution/report.ts";
import { writeExecution } from "./execution/write.ts";
import { renderHtml } from "./html.ts";
import { printPdf } from "./pdf.ts";
import { type Handover, type Report, reportSchema } from "./report.ts";

export interface WrittenReport {
  readonly folder: string;
  readonly json: string;
  readonly html: string;
  /** null when none was asked for. */
  readonly pdf: string | null;
}

export interface WriteOptions {
  /** The drill's executions: each gets a report of its own, to which the drill's leads. */
  readonly executions?: readonly ExecutionReport[];
  /** Prints all of them through Chromium, too. */
  readonly pdf?: boolean;
}

/**
 * Writes report.json and report.html into `<folder>/<time>/`, and points `<folder>/latest` at them. The pointer is
 * replaced in one step, so whoever follows it always finds a whole report.
 *
 * @throws ZodError when the report is not one: a wrong report must not look like a right one; ChromiumMissing.
 */
export async function writeReport(
  report: Report,
  folder: string,
  { executions = [], pdf = false }: WriteOptions = {},
): Promise<WrittenReport> {
  const whole = reportSchema.parse({ ...report, handovers: linked(report.handovers, executions) });
  const own = await freshFolder(folder, whole.startedAt.replace(/\.\d+/, "").replaceAll(":", "-"));
  const written = {
    ...{ folder: own, json: join(own, "report.json"), html: join(own, "report.html") },
    pdf: pdf ? join(own, "report.pdf") : null,
  };
  await writeFile(written.json, `${JSON.stringify(whole, null, 2)}\n`);
  await writeFile(written.html, renderHtml(whole));
  for (const execution of executions)
    await writeExecution(execution, join(own, folderOf(execution.id)), { pdf });
  if (written.pdf !== null) await printPdf(written.html, written.pdf, `Castle · drill of ${whole.startedAt}`);
  await pointTo(join(folder, "latest"), basename(own));
  return written;
}

const folderOf = (execution: string): string => join("executions", execution);

/** Leads from each handover to the report of its execution, where there is one. */
const linked = (handovers: readonly Handover[], executions: readonly ExecutionReport[]): Handover[] =>
  handovers.map((handover) => {
    const { evidence } = handover;
    if (!evidence || !executions.some(({ id }) => id === evidence.execution)) return handover;
    return {
      ...handover,
      evidence: { ...evidence, report: `executions/${evidence.execution}/report.html` },
    };
  });

/** Two drills may start within one second: the later gets a number behind its time. */
async function freshFolder(parent: string, name: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  for (let n = 1; ; n++) {
    const folder = join(parent, n === 1 ? name : `${name}-${n}`);
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
}

/** A link cannot be overwritten, but a new one can be renamed over it. */
async function pointTo(link: string, target: string): Promise<void> {
  const fresh = `${link}.${process.pid}.${Date.now()}`;
  await symlink(target, fresh);
  await rename(fresh, link);
}
