import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OutputsUnusable } from "@castle/dr-runbooks/stack/errors.ts";
import { castleOf, findOutputs, folderOf } from "@castle/dr-runbooks/stack/find-outputs.ts";
import { saveOutputs } from "@castle/dr-runbooks/stack/saved-outputs.ts";
import { expect } from "chai";
import { rejection } from "../../integration/dr-runbooks/support/rejection.ts";
import { stacksOfTests } from "./support/outputs-of-tests.ts";

type Stacks = ReturnType<typeof stacksOfTests>;

/** What is told of stacks that are not as they should be. */
function mistakes(change: (stacks: Stacks) => void): string {
  const stacks = stacksOfTests();
  change(stacks);
  try {
    castleOf("prd", stacks);
  } catch (error) {
    if (error instanceof OutputsUnusable) return error.message;
    throw error;
  }
  return "none";
}

describe("the outputs of two stacks", () => {
  it("make a Castle, with what is the same everywhere filled in", () => {
    const { home, peer } = castleOf("prd", stacksOfTests());
    expect(home.database).to.include({ port: 5432, name: "castle" });
    expect(peer.journal).to.include({ port: 5432, name: "journal" });
    expect(peer.cluster).to.include({ namespace: "castle" });
  });

  const cases: [string, (stacks: Stacks) => void, RegExp][] = [
    ["one is missing", (stacks) => Reflect.deleteProperty(stacks, "dr"), /no outputs of stack dr/],
    ["an output is missing", ({ prd }) => delete prd.witnessTableArn, /aws\.md lists:\n {2}witnessTableArn/],
    [
      "a password stands where its name belongs",
      ({ dr }) => Object.assign(dr.cache as object, { secret: "hunter2" }),
      /cache\.secret: the name of a secret under castle\/operator\//,
    ],
    [
      "a secret was told as one",
      ({ prd }) => Object.assign(prd.database as object, { secret: "[secret]" }),
      /database\.secret/,
    ],
    [
      "an address stands where TLS needs a name",
      ({ dr }) => Object.assign(dr.journal as object, { endpoint: "10.20.0.4" }),
      /journal\.endpoint: a host name/,
    ],
    [
      "an endpoint is on this machine",
      ({ dr }) => Object.assign(dr.journal as object, { endpoint: "localhost" }),
      /journal\.endpoint/,
    ],
    [
      "both are of one region",
      (stacks) => Object.assign(stacks, { dr: { ...stacks.prd } }),
      /the peer stack is in eu-west-1, not in eu-central-1/,
    ],
    [
      "they are in two accounts",
      (stacks) => Object.assign(stacks, { dr: stacksOfTests("999999999999").dr }),
      /in account 123456789012, the peer's in 999999999999/,
    ],
    [
      "a cell names a database of the other region",
      ({ prd, dr }) => Object.assign(prd, { database: dr.database }),
      /the home stack, of eu-west-1 .* names arn:aws:rds:eu-central-1/,
    ],
    [
      "evidence may be removed at any time",
      ({ prd }) => delete prd.evidenceRetentionDays,
      /buckets of evidence need evidenceRetentionDays/,
    ],
    [
      "the witness is of another account",
      ({ prd }) => Object.assign(prd, { witnessTableArn: stacksOfTests("999999999999").prd.witnessTableArn }),
      /the witness's table is of another account/,
    ],
  ];
  for (const [what, change, told] of cases)
    it(`are refused when ${what}`, () => expect(mistakes(change)).to.match(told));

  it("are not repeated when they are refused: what stands there may be a secret", () => {
    expect(mistakes(({ dr }) => Object.assign(dr.cache as object, { secret: "hunter2" }))).not.to.contain(
      "hunter2",
    );
  });
});

describe("where outputs are found", () => {
  let here: string;
  beforeEach(() => {
    here = mkdtempSync(join(tmpdir(), "castle-outputs-"));
  });
  afterEach(() => rmSync(here, { recursive: true }));

  const told = async (stack: string): Promise<unknown> => stacksOfTests()[stack as "prd" | "dr"];
  const silent = async (): Promise<unknown> => {
    throw new OutputsUnusable("the Pulumi CLI (pulumi) is not on the PATH");
  };
  const save = (folder: string): Promise<string> =>
    saveOutputs(folder, { savedAt: "2026-11-01T00:00:00.000Z", stacks: stacksOfTests() });

  it("with Pulumi, which is asked for the peer's stack as well", async () => {
    const asked: string[] = [];
    const found = await findOutputs("prd", { here }, (stack) => {
      asked.push(stack);
      return told(stack);
    });
    expect(asked).to.deep.equal(["prd", "dr"]);
    expect(found).to.include({ saved: null, folder: join(here, ".castle", "stacks", "prd") });
  });

  it("in what was saved, when Pulumi does not tell: with its age, and why", async () => {
    const path = await save(folderOf("prd", here));
    const { saved } = await findOutputs("prd", { here }, silent);
    expect(saved).to.deep.equal({
      at: Date.parse("2026-11-01"),
      path,
      because: "the Pulumi CLI (pulumi) is not on the PATH",
    });
  });

  it("nowhere, when nothing was saved: --outputs is named", async () => {
    const error = await rejection(findOutputs("prd", { here }, silent));
    expect(String(error)).to.match(/not on the PATH\. Give .* with --outputs/);
  });

  it("in the file or folder that is named, and Pulumi is not asked", async () => {
    const path = await save(join(here, "handed-over"));
    const never = (): Promise<unknown> => expect.fail("Pulumi was asked");
    const byFolder = await findOutputs("prd", { here, outputs: join(here, "handed-over") }, never);
    expect(byFolder).to.include({ folder: join(here, "handed-over") });
    const byFile = await findOutputs("prd", { here, outputs: path }, never);
    expect(byFile.folder).to.equal(folderOf("prd", here));
  });

  it("in no file of another kind", async () => {
    const error = await rejection(findOutputs("prd", { here, outputs: join(here, "none.json") }, told));
    expect(String(error)).to.contain("castle target save writes them");
  });
});
