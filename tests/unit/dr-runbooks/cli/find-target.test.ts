import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "@castle/dr-runbooks/cli/exit.ts";
import { findTarget } from "@castle/dr-runbooks/cli/find-target.ts";
import { targetSaveCommand } from "@castle/dr-runbooks/cli/target-command.ts";
import type { TargetFlags } from "@castle/dr-runbooks/cli/target-options.ts";
import { saveOutputs } from "@castle/dr-runbooks/stack/saved-outputs.ts";
import { expect } from "chai";
import { rejection } from "../../../integration/dr-runbooks/support/rejection.ts";
import { stacksOfTests } from "../support/outputs-of-tests.ts";

describe("a target that cannot be found is told with what to do:", () => {
  let here: string;
  before(async () => {
    here = mkdtempSync(join(tmpdir(), "castle-target-"));
    await saveOutputs(join(here, "saved"), { savedAt: "2026-11-01T00:00:00.000Z", stacks: stacksOfTests() });
  });
  after(() => rmSync(here, { recursive: true }));

  const cases: [string, TargetFlags, RegExp][] = [
    ["no stack", { target: "aws" }, /needs the stack of the home cell/],
    ["a stack and no target", { stack: "prd" }, /--stack .* add --target aws/],
    ["authorities and no target", { databaseCa: "x.pem" }, /--database-ca .* add --target aws/],
    ["a stack that looks like an option", { target: "aws", stack: "--help" }, /no name of a stack/],
    ["a stack that leads out of its folder", { target: "aws", stack: "../prd" }, /no name of a stack/],
    [
      "outputs that are not there",
      { target: "aws", stack: "prd", outputs: "nowhere" },
      /castle target save writes them/,
    ],
    [
      "another stack than was saved",
      { target: "aws", stack: "dev", outputs: "saved" },
      /no outputs of stack dev/,
    ],
    [
      "authorities that are not there",
      { target: "aws", stack: "prd", outputs: "saved", databaseCa: "no.pem" },
      /no certificate authorities at .*no\.pem/,
    ],
  ];
  for (const [what, flags, told] of cases)
    it(what, async () => {
      const error = await rejection(findTarget(flags, { here, recordsOnly: true }));
      expect(error).to.be.instanceOf(UsageError);
      expect(String(error)).to.match(told);
    });

  it("and a lab has no outputs to save", async () => {
    expect(await targetSaveCommand({}, here)).to.equal(2);
  });
});
