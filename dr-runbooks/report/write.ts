import { mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { renderHtml } from "./html.ts";
import { type Report, reportSchema } from "./report.ts";

export interface WrittenReport {
  readonly folder: string;
  readonly json: string;
  readonly html: string;
}

/**
 * Writes report.json and report.html into `<folder>/<time>/`, and points `<folder>/latest` at them. The pointer is
 * replaced in one step, so whoever follows it always finds a whole report.
 *
 * @throws ZodError when the report is not one: a wrong report must not look like a right one.
 */
export async function writeReport(report: Report, folder: string): Promise<WrittenReport> {
  const whole = reportSchema.parse(report);
  const own = await freshFolder(folder, whole.startedAt.replace(/\.\d+/, "").replaceAll(":", "-"));
  const written = { folder: own, json: join(own, "report.json"), html: join(own, "report.html") };
  await writeFile(written.json, `${JSON.stringify(whole, null, 2)}\n`);
  await writeFile(written.html, renderHtml(whole));
  await pointTo(join(folder, "latest"), basename(own));
  return written;
}

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
