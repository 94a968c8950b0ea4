import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const launcher = fileURLToPath(new URL("../../../../bin/castle.js", import.meta.url));
const recordLoaded = new URL("record-loaded.ts", import.meta.url).href;

describe("what a command loads before it does anything", function () {
  this.timeout(120_000);
  /** Where no lab runs: what acts on one ends when it looks for it. */
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "castle-test-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  function castle(...args: string[]) {
    const file = join(folder, "loaded");
    const { status, stdout } = spawnSync(process.execPath, [`--import=${recordLoaded}`, launcher, ...args], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, LOADED: file },
    });
    return { status, stdout, loaded: readFileSync(file, "utf8").split("\n") };
  }

  const packagesIn = (urls: readonly string[]): string[] => [
    ...new Set(urls.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [])),
  ];

  it("for help: the package that parses commands, and of Castle what registers them", () => {
    const { status, stdout, loaded } = castle("--help");
    expect(status).to.equal(0);
    for (const command of ["failover", "status", "lab", "drill", "plan", "compliance", "preview"])
      expect(stdout).to.match(new RegExp(`^  ${command} `, "m"));
    expect(packagesIn(loaded)).to.deep.equal(["commander"]);
    const own = loaded.filter((url) => url.endsWith(".ts") && url !== recordLoaded);
    expect(own.length).to.be.within(10, 30);
  });

  for (const args of [["failover", "--to", "eu-central-1"], ["status"], ["runs"]])
    it(`for ${args[0]}, until it knows where: no client of anything`, () => {
      const { status, loaded } = castle(...args);
      expect(status).to.equal(2);
      expect(packagesIn(loaded)).to.deep.equal(["commander", "zod"]);
    });

  it("would be seen: what previews stacks needs Pulumi", () => {
    const { status, loaded } = castle("plan", "nowhere");
    expect(status).to.equal(2);
    expect(packagesIn(loaded)).to.include.members(["@pulumi/pulumi", "yaml"]);
  });
});
