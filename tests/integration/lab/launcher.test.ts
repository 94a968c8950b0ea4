import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const launcher = fileURLToPath(new URL("../../../bin/castle.js", import.meta.url));

describe("the launcher", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "castle-test-"));
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    copyFileSync(launcher, join(folder, "bin", "castle.js"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const start = (...args: string[]) =>
    spawnSync(process.execPath, [join(folder, "bin", "castle.js"), ...args], { encoding: "utf8" });

  it("says what to do when the packages are not installed", () => {
    const { status, stderr } = start("--help");
    expect(stderr).to.contain("make setup");
    expect(status).to.equal(1);
  });

  it("hands over arguments and exit code", () => {
    mkdirSync(join(folder, "node_modules"));
    writeFileSync(
      join(folder, "bin", "castle.ts"),
      "console.log(process.argv.slice(2).join('|')); process.exitCode = 7 as number;",
    );
    const { status, stdout } = start("lab", "up", "--rtt", "3");
    expect(stdout).to.equal("lab|up|--rtt|3\n");
    expect(status).to.equal(7);
  });
});
