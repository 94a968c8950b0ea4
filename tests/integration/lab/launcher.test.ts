import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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

  const start = (...args: string[]) => startWith({}, ...args);
  const startWith = (variables: Readonly<Record<string, string>>, ...args: string[]) => {
    const { NODE_COMPILE_CACHE: _, ...env } = process.env;
    return spawnSync(process.execPath, [join(folder, "bin", "castle.js"), ...args], {
      ...{ encoding: "utf8", env: { ...env, ...variables } },
    });
  };
  const program = (text: string): void => {
    mkdirSync(join(folder, "node_modules"));
    writeFileSync(join(folder, "bin", "castle.ts"), text);
  };

  it("says what to do when the packages are not installed", () => {
    const { status, stderr } = start("--help");
    expect(stderr).to.contain("make setup");
    expect(status).to.equal(1);
  });

  it("hands over arguments and exit code", () => {
    program("console.log(process.argv.slice(2).join('|')); process.exitCode = 7 as number;");
    const { status, stdout } = start("lab", "up", "--rtt", "3");
    expect(stdout).to.equal("lab|up|--rtt|3\n");
    expect(status).to.equal(7);
  });

  it("keeps what was compiled beside the packages", () => {
    program("console.log('here' as string);");
    expect(start().stdout).to.equal("here\n");
    expect(readdirSync(join(folder, "node_modules", ".cache", "castle"))).to.have.lengthOf(1);
  });

  it("keeps it in the user's own folder where the packages' takes nothing, and else nowhere", () => {
    program("console.log('here' as string);");
    // Where a folder is to be made stands a file: root may write to what is read-only.
    writeFileSync(join(folder, "node_modules", ".cache"), "");
    expect(startWith({ XDG_CACHE_HOME: join(folder, "home") })).to.include({ stdout: "here\n", stderr: "" });
    expect(readdirSync(join(folder, "home", "castle"))).to.have.lengthOf(1);

    expect(startWith({ XDG_CACHE_HOME: launcher })).to.include({ stdout: "here\n", stderr: "", status: 0 });
  });
});
