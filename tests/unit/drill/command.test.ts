import { sabotages } from "@castle/dr-runbooks/report/report.ts";
import { registerDrillCommand } from "@castle/lab/cli/drill.ts";
import { scenarioNames } from "@castle/lab/drill/scenarios.ts";
import { expect } from "chai";
import { Command } from "commander";

describe("castle drill --help", () => {
  let help = "";
  before(() => {
    const program = new Command("castle").configureOutput({
      writeOut: (text) => {
        help += text;
      },
    });
    registerDrillCommand(program);
    program.commands[0]?.outputHelp();
  });

  it("names every scenario, and everything that can be broken", () => {
    for (const name of [...scenarioNames, ...sabotages]) expect(help).to.match(new RegExp(`\\b${name}\\b`));
  });

  it("tells the exit codes", () => expect(help).to.contain("0 every check holds"));
});
