import { mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type Report, reportSchema } from "@castle/dr-runbooks/report/report.ts";
import { writeReport } from "@castle/dr-runbooks/report/write.ts";
import { expect } from "chai";
import { exampleExecution } from "./example-execution.ts";
import { exampleReport } from "./example-report.ts";

describe("writing a report", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "castle-report-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("writes what it can read again, and a page beside it", async () => {
    const { json, html } = await writeReport(exampleReport(), folder);
    expect(reportSchema.parse(JSON.parse(await readFile(json, "utf8")))).to.deep.equal(exampleReport());
    expect(await readFile(html, "utf8")).to.match(/^<!doctype html>/);
  });

  it("names the folder by the time of the drill, and never writes over another drill of the same second", async () => {
    const first = await writeReport(exampleReport(), folder);
    const second = await writeReport(exampleReport(), folder);
    expect(basename(first.folder)).to.equal("2026-01-02T03-04-05Z");
    expect(basename(second.folder)).to.equal("2026-01-02T03-04-05Z-2");
  });

  it("points `latest` at the newest, and leaves nothing else behind", async () => {
    await writeReport(exampleReport(), folder);
    const newest = await writeReport({ ...exampleReport(), startedAt: "2026-01-02T09:00:00Z" }, folder);
    expect(await readlink(join(folder, "latest"))).to.equal(basename(newest.folder));
    expect(await readdir(folder)).to.have.members(["2026-01-02T03-04-05Z", "2026-01-02T09-00-00Z", "latest"]);
  });

  it("writes a report of each execution, and leads there from the handover", async () => {
    const execution = exampleExecution();
    const { folder: own, html } = await writeReport(exampleReport(), folder, { executions: [execution] });
    const link = `executions/${execution.id}/report.html`;
    expect(await readFile(html, "utf8")).to.contain(`href="${link}"`);
    expect(await readFile(join(own, link), "utf8")).to.contain(execution.evidence.head);
  });

  it("refuses what is no report, and writes nothing", async () => {
    const wrong: Report = { ...exampleReport(), durationMs: Number.NaN };
    const refused = await writeReport(wrong, folder).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(Error).with.property("message").that.contains("durationMs");
    expect(await readdir(folder)).to.deep.equal([]);
  });
});
