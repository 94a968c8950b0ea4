import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ChromiumMissing, findChromium } from "@castle/dr-runbooks/report/chromium.ts";
import { writeExecution } from "@castle/dr-runbooks/report/execution/write.ts";
import { expect } from "chai";
import { exampleExecution } from "../../unit/report/example-execution.ts";

const run = promisify(execFile);

/** @returns what is missing here; null when nothing is */
const missing = async (): Promise<string | null> => {
  try {
    findChromium();
    await run("pdftotext", ["-v"]);
    return null;
  } catch (error) {
    return error instanceof ChromiumMissing ? "no Chromium is on the PATH" : "pdftotext is not on the PATH";
  }
};

describe("the report as PDF", () => {
  let folder: string;
  before(async function () {
    folder = mkdtempSync(join(tmpdir(), "castle-pdf-"));
    const what = await missing();
    if (what === null) return;
    process.stderr.write(`skipped: ${what}\n`);
    this.skip();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is printed by Chromium, on numbered pages, with the chain's hashes in its text", async () => {
    const report = exampleExecution();
    const { pdf } = await writeExecution(report, folder, { pdf: true });
    const { stdout: text } = await run("pdftotext", [pdf ?? "", "-"]);
    expect(text).to.contain(report.evidence.root).and.to.contain(report.evidence.head);
    const [, pages] = /page 1 of (\d+)/.exec(text) ?? [];
    expect(Number(pages)).to.be.at.least(1);
    expect(text.match(/\f/g)).to.have.length(Number(pages));
  });
});

describe("Chromium", () => {
  it("is asked for by name where there is none, with what to do", () => {
    expect(() => findChromium("/nowhere:")).to.throw(ChromiumMissing, /apt-get install chromium/);
  });
});
