import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { pulumiCli } from "../../../../infra/preview/cli.ts";
import { type PreviewSurroundings, previewUp, reap, toReap } from "../../../../infra/preview/commands.ts";
import { previewNames } from "../../../../infra/preview/names.ts";
import { Previews } from "../../../../infra/preview/previews.ts";
import { PreviewRefused } from "../../../../infra/preview/refused.ts";
import { FakePulumi } from "./fake-pulumi.ts";

const NONPRODUCTION = "444455556666";
const NOON = Date.UTC(2026, 0, 15, 12);
const HOUR = 3_600_000;

describe("previews, through a stand-in for Pulumi's command", () => {
  let pulumi: FakePulumi;
  beforeEach(() => {
    pulumi = new FakePulumi();
  });
  afterEach(() => pulumi.remove());

  const around = (account = NONPRODUCTION, now = NOON): PreviewSurroundings => ({
    previews: () => Previews.open(() => {}, { folder: pulumi.project }),
    whoActs: async () => account,
    now: () => now,
  });
  const up = (branch: string, surroundings = around()) =>
    previewUp({ branch, ttl: "8h", by: "ada" }, surroundings);
  const all = async () => (await around().previews()).all();

  it("are made for a branch, and tell age and end on any machine, since their tags are kept with the state", async () => {
    const { stack, outputs } = await up("fix/Order_Book");
    expect(outputs).to.deep.equal({ endpoint: "cell.example" });
    expect(await all()).to.deep.equal([
      {
        stack,
        branch: "fix/Order_Book",
        by: "ada",
        createdAt: NOON,
        expiresAt: NOON + 8 * HOUR,
        resources: 7,
        updating: false,
      },
    ]);
  });

  it("have dev's configuration, under names of their own", async () => {
    const { stack } = await up("fix/Order_Book");
    const { config } = parse(readFileSync(`${pulumi.project}/Pulumi.${stack}.yaml`, "utf8"));
    const dev = parse(readFileSync("Pulumi.dev.yaml", "utf8")).config;
    const { environment } = previewNames("fix/Order_Book");
    expect(config).to.deep.equal({
      ...dev,
      "castle:environment": environment,
      "castle:domain": `${environment}.dev.castle.example`,
    });
  });

  it("live on from the last up, and are as old as the first", async () => {
    await up("one");
    await up("one", around(NONPRODUCTION, NOON + HOUR));
    const [preview] = await all();
    expect(preview).to.deep.include({ createdAt: NOON, expiresAt: NOON + 9 * HOUR });
  });

  it("are found and reaped also when making them failed half-way", async () => {
    pulumi.failsToMake();
    await refusalOf(up("one"));
    const doomed = toReap(await all(), { names: [], all: false }, NOON + 8 * HOUR);
    expect(doomed.map(({ branch }) => branch)).to.deep.equal(["one"]);
  });

  it("whose end is over are destroyed and forgotten; the others stay", async () => {
    await up("one");
    await up("two", around(NONPRODUCTION, NOON + HOUR));
    const now = NOON + 8 * HOUR;
    const doomed = toReap(await all(), { names: [], all: false }, now);
    expect(await reap(doomed, around())).to.deep.equal([{ stack: previewNames("one").stack, failure: null }]);
    expect((await all()).map(({ branch }) => branch)).to.deep.equal(["two"]);
    expect(pulumi.asked.filter((asked) => asked.startsWith("destroy"))).to.have.lengthOf(1);
  });

  it("that cannot be destroyed are kept, and keep no other from its end", async () => {
    const one = (await up("one")).stack;
    const two = (await up("two")).stack;
    pulumi.failsToDestroy(one);
    const [first, second] = await reap(await all(), around());
    expect([first, second].map((reaped) => reaped?.stack)).to.have.members([one, two]);
    const failed = [first, second].find((reaped) => reaped?.stack === one);
    expect(failed?.failure).to.include("a bucket is not empty");
    expect((await all()).map(({ stack }) => stack)).to.deep.equal([one]);
  });

  it("are made and reaped in the nonproduction account alone", async () => {
    const production = around("111122223333");
    const message =
      "this would act in account 111122223333, and previews are in 444455556666 alone (Pulumi.dev.yaml): choose its profile (AWS_PROFILE)";
    expect(await refusalOf(up("one", production))).to.equal(message);
    expect(pulumi.asked.some((asked) => /^(up|stack init)/.test(asked))).to.equal(false);
    await up("one");
    expect(await refusalOf(reap(await all(), production))).to.equal(message);
    expect(await all()).to.have.lengthOf(1);
  });

  it("are never stacks of another kind", async () => {
    pulumi.stackWithoutTags("prd");
    expect(await all()).to.deep.equal([]);
    const previews = await around().previews();
    expect(await refusalOf(previews.reap("prd"))).to.equal("prd is no preview");
    expect(pulumi.asked.some((asked) => asked.startsWith("destroy"))).to.equal(false);
  });

  it("without a written end are reaped by name or with all of them, and not otherwise", async () => {
    pulumi.stackWithoutTags("preview-lost");
    const found = await all();
    expect(toReap(found, { names: [], all: false }, NOON)).to.deep.equal([]);
    for (const options of [
      { names: ["preview-lost"], all: false },
      { names: [], all: true },
    ])
      expect(toReap(found, options, NOON)).to.have.lengthOf(1);
  });

  it("take a Pulumi that keeps tags in a bucket, and say what to do without one", async () => {
    pulumi.remove();
    pulumi = new FakePulumi("v3.200.0");
    expect(await refusalOf(pulumiCli())).to.match(/is 3\.200\.0; previews need 3\.211\.0 or newer/);
    const path = process.env["PATH"];
    process.env["PATH"] = "/nowhere";
    try {
      expect(await refusalOf(pulumiCli())).to.match(
        /pulumi\) is not on the PATH.*npm install --global pulumi/,
      );
    } finally {
      process.env["PATH"] = path;
    }
  });

  it("leave nothing beside the project but their configuration, which git ignores", async () => {
    const { stack } = await up("one");
    expect(existsSync(`${pulumi.project}/Pulumi.${stack}.yaml`)).to.equal(true);
    expect(readFileSync(".gitignore", "utf8").split("\n")).to.include("Pulumi.preview-*.yaml");
  });
});

async function refusalOf(doing: Promise<unknown>): Promise<string> {
  try {
    await doing;
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
  throw new PreviewRefused("it was not refused");
}
