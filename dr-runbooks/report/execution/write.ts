import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { printPdf } from "../pdf.ts";
import { renderExecution } from "./html.ts";
import { type ExecutionReport, executionReportSchema } from "./report.ts";

export interface WrittenExecution {
  readonly json: string;
  readonly html: string;
  /** null when none was asked for. */
  readonly pdf: string | null;
}

/**
 * Writes report.json, report.html and, when asked, report.pdf into the folder, over those of an earlier look at the same
 * execution. @throws ZodError when the report is not one; ChromiumMissing, before which the other two are written.
 */
export async function writeExecution(
  report: ExecutionReport,
  folder: string,
  options: { readonly pdf: boolean },
): Promise<WrittenExecution> {
  const whole = executionReportSchema.parse(report);
  await mkdir(folder, { recursive: true });
  const path = (name: string): string => join(folder, name);
  const written = { json: path("report.json"), html: path("report.html") };
  await writeFile(written.json, `${JSON.stringify(whole, null, 2)}\n`);
  await writeFile(written.html, renderExecution(whole));
  if (!options.pdf) return { ...written, pdf: null };
  await printPdf(written.html, path("report.pdf"), `Castle · ${report.id} · head ${report.evidence.head}`);
  return { ...written, pdf: path("report.pdf") };
}
