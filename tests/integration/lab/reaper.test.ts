import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { processRow } from "@castle/lab/processes/table.ts";
import { signal } from "@castle/lab/processes/tree.ts";
import { until } from "@castle/lab/processes/until.ts";
import { expect } from "chai";

const entry = fileURLToPath(new URL("support/owner.ts", import.meta.url));

interface Owned {
  readonly folder: string;
  readonly pids: readonly number[];
}

const runs = (pid: number): boolean => processRow(pid)?.zombie === false;

describe("whatever the lab has started", () => {
  let owner: ChildProcess;
  let owned: Owned;

  beforeEach(async () => {
    owner = spawn(process.execPath, [entry], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(owner.stdout ?? owner, "data");
    owned = JSON.parse(String(line));
    expect(
      owned.pids.length,
      "PostgreSQL with its children, a shell with its child, a runner",
    ).to.be.greaterThan(6);
    expect(owned.pids.every(runs)).to.equal(true);
  });

  afterEach(() => {
    for (const pid of owned.pids) if (runs(pid)) signal(pid, "SIGKILL");
    if (owner.exitCode === null) owner.kill("SIGKILL");
  });

  const nothingIsLeft = (): Promise<void> =>
    until(() => !owned.pids.some(runs) && !existsSync(owned.folder), {
      what: () => `processes ${owned.pids.filter(runs).join(", ")} to end and ${owned.folder} to be removed`,
      withinMs: 60_000,
    });

  it("lies in a folder that nobody else may enter", () => {
    expect(statSync(owned.folder).mode & 0o777).to.equal(0o700);
  });

  for (const how of ["SIGKILL", "SIGTERM", "SIGINT"] as const)
    it(`is gone after ${how} to its owner, its folder too`, async () => {
      owner.kill(how);
      await nothingIsLeft();
    });

  it("is gone although it was frozen when its owner died", async () => {
    for (const pid of owned.pids) signal(pid, "SIGSTOP");
    owner.kill("SIGKILL");
    await nothingIsLeft();
  });
});
