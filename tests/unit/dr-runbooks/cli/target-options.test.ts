import { registerTargetOptions } from "@castle/dr-runbooks/cli/target-options.ts";
import { expect } from "chai";
import { Command } from "commander";

describe("the options that name a target", () => {
  let given: Record<string, unknown> | null = null;

  async function parse(...args: string[]): Promise<void> {
    given = null;
    const program = new Command("castle").exitOverride();
    const note = (flags: Record<string, unknown>): void => {
      given = flags;
    };
    registerTargetOptions(program, () => {
      program.command("status").option("--json").action(note);
      program.command("evidence").command("verify").option("--json").action(note);
    });
    program.command("lab").command("up").action(note);
    await program.parseAsync(args, { from: "user" });
  }

  for (const args of [
    ["--target", "aws", "--stack", "prd", "status", "--json"],
    ["status", "--target", "aws", "--json", "--stack", "prd"],
    ["evidence", "--target", "aws", "verify", "--stack", "prd", "--json"],
  ])
    it(`are understood in castle ${args.join(" ")}`, async () => {
      await parse(...args);
      expect(given).to.deep.equal({ json: true, target: "aws", stack: "prd" });
    });

  it("are left out where nobody gives them", async () => {
    await parse("status");
    expect(given).to.deep.equal({});
  });

  it("are refused where a command acts on labs alone", async () => {
    const refusal = await parse("lab", "up", "--database-ca", "x.pem").catch((error: Error) => error.message);
    expect(refusal).to.contain("leave out --database-ca");
    expect(given).to.equal(null);
  });

  it("stand in the help of the commands they are for, and of no other", () => {
    const program = new Command("castle");
    registerTargetOptions(program, () => void program.command("status"));
    program.command("lab");
    const [status, lab] = program.commands.map((command) => command.helpInformation());
    expect(status).to.contain("--target <what>");
    expect(lab).not.to.contain("--target");
  });
});
