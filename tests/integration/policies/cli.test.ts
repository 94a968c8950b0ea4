import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { knownStacks } from "@castle/infra/settings/stack-file.ts";
import { rules } from "@castle/policies/rules.ts";
import { expect } from "chai";

const castle = fileURLToPath(new URL("../../../bin/castle.ts", import.meta.url));

async function run(...args: readonly string[]) {
  const child = spawn(process.execPath, [castle, "compliance", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, errors] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const [code] = await once(child, "close");
  return { code, out, errors };
}

interface Told {
  readonly holds: boolean;
  readonly stacks: readonly { readonly stack: string }[];
  readonly pair: { readonly home: string; readonly peer: string };
  readonly results: readonly { readonly rule: string }[];
}

describe("castle compliance", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "castle-compliance-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("finds nothing against a rule in any stack, and writes what it found for machines and auditors", async () => {
    const [sarif, html] = [join(folder, "told", "c.sarif"), join(folder, "told", "c.html")];
    const { code, out, errors } = await run(...knownStacks(), "--json", "--sarif", sarif, "--html", html);
    expect(errors).to.equal("");
    const told = JSON.parse(out) as Told;
    expect(told.holds, out).to.equal(true);
    expect(code).to.equal(0);
    expect(told.stacks.map(({ stack }) => stack)).to.deep.equal(knownStacks());
    expect(told.pair).to.deep.equal({ home: "prd", peer: "dr" });
    expect(told.results.map(({ rule }) => rule)).to.have.members(rules.map(({ name }) => name));
    expect(JSON.parse(readFileSync(sarif, "utf8"))).to.have.property("version", "2.1.0");
    expect(readFileSync(html, "utf8")).to.contain('class="verdict pass"');
  });

  it("refuses a stack that is not there, and names those that are", async () => {
    const { code, errors } = await run("nowhere");
    expect(code).to.equal(2);
    expect(errors).to.match(/there is no stack "nowhere"; known: .*prd/);
  });

  it("refuses a framework that it does not know", async () => {
    const { code, errors } = await run("--framework", "none");
    expect(code).to.equal(2);
    expect(errors).to.contain("dora");
  });
});
