import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { HandoverRig, HOME, PEER } from "./support/handover-rig.ts";

const castle = fileURLToPath(new URL("../../../bin/castle.ts", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** A command without a terminal, as a script runs it. */
function start(args: readonly string[], cwd: string): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [castle, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let errors = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  return { child, ended: once(child, "close").then(([code]) => ({ code, out, errors })) };
}

describe("the command line", () => {
  let rig: HandoverRig;
  before(async () => {
    rig = await HandoverRig.start({ home: "lost" });
  });
  after(() => rig.stop());
  beforeEach(() => rig.reset());

  const run = (...args: string[]): Promise<Ended> => start(args, rig.folder()).ended;
  const target = (): string[] => ["--target", rig.targetFile()];
  const events = (out: string): { kind: string; [more: string]: unknown }[] =>
    out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));

  it("fails over, told line by line, and exits with 0", async () => {
    const { code, out } = await run("failover", "--to", PEER, "--yes", ...target());
    expect(code).to.equal(0);
    expect(out).to.match(/failover .* from eu-west-1 to eu-central-1: begins epoch 2/);
    expect(out).to.match(/take-the-role: done in \d+ ms/);
    expect(out.trimEnd()).to.match(/finished$/);
    expect(await rig.peer.role()).to.include({ gate: "open" });
  });

  it("tells events as JSON, the result last", async () => {
    const { code, out } = await run("failover", "--to", PEER, "--yes", "--json", ...target());
    expect(code).to.equal(0);
    const told = events(out);
    expect(told[0]).to.include({ kind: "started" });
    expect(told.at(-1)?.result).to.include({ kind: "failover", to: PEER, epoch: 2 });
  });

  it("does nothing without --yes where nobody can be asked", async () => {
    const { code, errors } = await run("failover", "--to", PEER, ...target());
    expect(code).to.equal(2);
    expect(errors).to.contain("add --yes");
    expect(await rig.witness.read()).to.include({ epoch: 1 });
  });

  it("refuses out of solo with 1, and names the exposure", async () => {
    await rig.reset("solo");
    await rig.peer.accept("BTCUSDT", 1, 3);
    const { code, errors } = await run("failover", "--to", PEER, "--yes", ...target());
    expect(code).to.equal(1);
    expect(errors).to.contain("needs explicit consent");
    expect(errors).to.match(/eu-west-1 has been solo for .*may exist there alone/);
    expect(errors).to.match(/BTCUSDT up to 3.*cannot be counted/);
  });

  it("stops behind the step at work on SIGINT, exits with 130, and goes on when it is run again", async () => {
    const promotion = rig.holdPromotion();
    const first = start(["failover", "--to", PEER, "--yes", "--json", ...target()], rig.folder());
    await promotion.asked;
    first.child.kill("SIGINT");
    await once(first.child.stderr ?? first.child, "data");
    promotion.release();
    const interrupted = await first.ended;
    expect(interrupted.code).to.equal(130);
    expect(interrupted.errors).to.contain(`Continue it with: castle failover --to ${PEER}`);
    expect(await rig.peer.role()).to.include({ gate: "open", epoch: 1 });

    const second = await run("failover", "--to", PEER, "--yes", "--json", ...target());
    expect(second.code).to.equal(0);
    expect(events(second.out)[0]).to.include({ kind: "resumed" });
    expect(events(second.out).at(-1)?.result).to.include({ id: events(interrupted.out)[0]?.id });
    expect(rig.aws.asked.filter((asked) => asked.startsWith("database"))).to.have.length(1);
  });

  it("shows the status, what does not answer too", async () => {
    const { code, out } = await run("status", ...target());
    expect(code).to.equal(0);
    expect(out).to.contain("witness: epoch 1, eu-west-1 active, paired");
    expect(out).to.match(/eu-central-1 {2}standby\n {2}database {2}writer, epoch 1 of eu-west-1/);
    expect(out).to.contain("unreachable");
    const json = await run("status", "--json", ...target());
    expect(JSON.parse(json.out).witness).to.include({ activeRegion: HOME });
  });

  describe("given what it cannot use, exits with 2 and says what to do:", () => {
    const cases: [string, () => string[], RegExp][] = [
      ["no region", () => ["failover"], /required option '--to/],
      ["a region nobody knows", () => ["failover", "--to", "mars"], /"mars" is not in regions\/catalogue.ts/],
      ["the witness's region", () => ["switchover", "--to", "eu-west-3"], /holds no cell, only the witness/],
      ["an unknown command", () => ["failoverr"], /unknown command/],
      ["no lab here", () => ["status"], /no lab runs here .*castle lab up/],
      ["a target that is not there", () => ["status", "--target", "nowhere.json"], /there is no target at/],
      ["a target that is no JSON", () => ["status", "--target", castle], /is not JSON/],
    ];
    for (const [what, args, told] of cases)
      it(what, async () => {
        const { code, errors } = await run(...args());
        expect(code).to.equal(2);
        expect(errors).to.match(told);
      });

    it("a lab whose supervisor is gone", async () => {
      const folder = rig.folder();
      mkdirSync(join(folder, ".castle"));
      writeFileSync(
        join(folder, ".castle", "lab.json"),
        JSON.stringify({ folder, supervisor: { pid: 2 ** 22 - 1, started: "" } }),
      );
      const { code, errors } = await start(["status"], folder).ended;
      expect(code).to.equal(2);
      expect(errors).to.contain("is gone");
    });
  });
});
