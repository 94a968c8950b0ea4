import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sizesFor } from "@castle/lab/layout.ts";
import { processRow } from "@castle/lab/processes/table.ts";
import { signal } from "@castle/lab/processes/tree.ts";
import { until } from "@castle/lab/processes/until.ts";
import type { LabStatus } from "@castle/lab/status.ts";
import { expect } from "chai";

const castle = fileURLToPath(new URL("../../../bin/castle.ts", import.meta.url));

const runs = (pid: number): boolean => processRow(pid)?.zombie === false;

describe("castle lab", () => {
  let directory: string;
  /** Supervisors that a test has started, for the case that it fails. */
  const supervisors: number[] = [];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "castle-test-"));
  });
  afterEach(() => {
    for (const pid of supervisors.splice(0)) if (runs(pid)) signal(pid, "SIGKILL");
    rmSync(directory, { recursive: true });
  });

  const run = (...args: string[]) =>
    spawnSync(process.execPath, [castle, "lab", ...args], { cwd: directory, encoding: "utf8" });

  const start = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [castle, "lab", ...args], { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });

  function status(): LabStatus {
    const { stdout, stderr } = run("status", "--json");
    expect(stderr).to.equal("");
    return JSON.parse(stdout);
  }

  it("brings both cells up, shows them, changes them, and is gone to the last process when its supervisor is killed", async () => {
    const up = run("up", "--symbols", "BTCUSDT", "--rtt", "6");
    expect(up.stderr).to.equal("");
    expect(up.status).to.equal(0);
    expect(up.stdout).to.match(/API +http:.*curl -s -X POST/s);

    const before = status();
    supervisors.push(before.supervisor);
    expect(before.witness).to.include({ epoch: 1, mode: "paired" });
    expect(before.cells.map((cell) => cell.role?.role)).to.deep.equal(["active", "standby"]);
    expect(before.memoryMib).to.be.within(300, 3 * 1_024);

    const again = run("up");
    expect(again.status).to.equal(1);
    expect(again.stderr).to.contain("runs from this directory already");
    expect(run("kill", "mars").status).to.equal(2);

    expect(run("kill", "eu-central-1").status).to.equal(0);
    expect(run("link", "rtt", "40").status).to.equal(0);
    const after = status();
    expect(after.link.roundTripMs).to.equal(40);
    expect(after.cells.map((cell) => cell.state)).to.deep.equal(["up", "down"]);

    const pids = after.cells.flatMap((cell) => cell.processes).flatMap(({ pid }) => pid ?? []);
    expect(pids.length).to.equal(5 + sizesFor(availableParallelism())["order-gateway"].active);
    signal(after.supervisor, "SIGKILL");
    await until(() => !pids.some(runs) && !existsSync(after.folder), {
      ...{ what: "everything the lab had started to be gone", withinMs: 60_000 },
    });
    const gone = run("status");
    expect(gone.status).to.equal(1);
    expect(gone.stderr).to.match(/is gone.*has been removed/);
    expect(existsSync(join(directory, ".castle", "lab.json"))).to.equal(false);
  });

  for (const mode of [[], ["--foreground"]])
    it(`leaves nothing behind when up ${mode.join("")} is interrupted`, async () => {
      const up = start("up", ...mode);
      const [line] = await once(up.stdout ?? up, "data");
      const folder = /starting both regions in (\S+)/.exec(String(line))?.[1] ?? "";
      expect(existsSync(folder)).to.equal(true);
      up.kill("SIGINT");
      const [code] = await once(up, "exit");
      expect(code).to.equal(130);
      expect(existsSync(folder)).to.equal(false);
    });

  it("names a port that is taken, and starts nothing", async () => {
    const server = createServer();
    await once(server.listen(0, "127.0.0.1"), "listening");
    const address = server.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    const { status, stderr } = run("up", "--api-port", port);
    server.close();
    expect(status).to.equal(1);
    expect(stderr).to.match(new RegExp(`port ${port} .*is taken`));
  });

  it("takes no folder that holds something", () => {
    const { status, stderr } = run("up", "--folder", fileURLToPath(new URL(".", import.meta.url)));
    expect(status).to.equal(1);
    expect(stderr).to.contain("is not empty");
    expect(existsSync(fileURLToPath(import.meta.url))).to.equal(true);
  });

  it("says what to install when a server is missing", () => {
    const { status, stderr } = spawnSync(process.execPath, [castle, "lab", "up"], {
      ...{ cwd: directory, encoding: "utf8" },
      env: { PATH: directory },
    });
    expect(status).to.equal(1);
    expect(stderr).to.match(/(redis-server|PostgreSQL).*make setup.*apt-get install/);
  });
});
