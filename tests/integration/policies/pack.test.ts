import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readSettings } from "@castle/infra/settings/settings.ts";
import { ownConfig, stackConfig } from "@castle/infra/settings/stack-file.ts";
import { Analyzer } from "@castle/policies/analyzer/analyzer.ts";
import type { Diagnostic } from "@castle/policies/analyzer/diagnostics.ts";
import { judgeRule } from "@castle/policies/judge.ts";
import { exampleFacts } from "@castle/policies/judged/example.ts";
import { type ResourceFacts, unknown } from "@castle/policies/judged/resource.ts";
import { auroraBelongsToAGlobalDatabase } from "@castle/policies/recovery/aurora-belongs-to-a-global-database.ts";
import type { ResourceRule, StackRule } from "@castle/policies/rule.ts";
import { rules } from "@castle/policies/rules.ts";
import { expect } from "chai";

const config = stackConfig("prd");
const platform = readSettings("prd", ownConfig(config));
const own = rules.flatMap((rule) => (rule.about === "pair" ? [] : [rule]));
const never = new AbortController().signal;

/** What a pack says of a rule, without the pack. */
const judgedHere = (rule: ResourceRule | StackRule, facts: readonly ResourceFacts[]): Said[] => {
  const { violations, unjudged } = judgeRule(rule, facts, platform);
  const base = { rule: rule.name };
  return inOrder([
    ...violations.map(({ resource, property, found, wanted }) => ({
      ...base,
      ...{ urn: resource.facts.urn, kind: "violation", property, found, wanted },
      mandatory: rule.enforcement.production === "mandatory",
    })),
    ...unjudged.map(({ resource, property }) => ({
      ...base,
      ...{ urn: resource.urn, kind: "unjudged", property, mandatory: false },
    })),
  ]);
};

type Said = Diagnostic | Readonly<Record<string, unknown>>;

const inOrder = (said: readonly Said[]): Said[] =>
  said.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const failureOf = (run: Promise<unknown>): Promise<Error> =>
  run.then(
    () => expect.fail("it did not fail"),
    (error: unknown) => error as Error,
  );

describe("the pack in a process of its own", () => {
  let analyzer: Analyzer;
  before(async () => {
    analyzer = await Analyzer.start({ project: "castle", stack: "prd", config, signal: never });
  });
  after(() => analyzer.end());

  it("has a policy for every rule that one stack can be judged by", async () => {
    const { name, policies } = await analyzer.info();
    expect(name).to.equal("castle");
    expect([...policies].sort()).to.deep.equal(own.map((rule) => rule.name).sort());
  });

  for (const rule of own)
    it(`says of the examples of ${rule.name} what it is judged to be here`, async () => {
      for (const which of ["passing", "failing"] as const) {
        const facts = exampleFacts(rule, which);
        const told =
          rule.about === "stack" ? await analyzer.analyzeStack(facts) : await analyzer.analyze(facts);
        const said = inOrder(told.filter((each) => each.rule === rule.name));
        expect(said, which).to.deep.equal(judgedHere(rule, facts));
        expect(said.length > 0, which).to.equal(which === "failing");
      }
    });

  it("tells what it cannot judge yet as advice, with the resource and the property", async () => {
    const [facts] = exampleFacts(auroraBelongsToAGlobalDatabase, "failing");
    if (!facts) return expect.fail("the rule has no failing example");
    const told = await analyzer.analyze([{ ...facts, props: { globalClusterIdentifier: unknown } }]);
    expect(told.filter(({ rule }) => rule === auroraBelongsToAGlobalDatabase.name)).to.deep.equal([
      {
        rule: auroraBelongsToAGlobalDatabase.name,
        urn: facts.urn,
        mandatory: false,
        kind: "unjudged",
        property: "globalClusterIdentifier",
      },
    ]);
  });
});

describe("a pack's process", () => {
  it("does not start for a stack whose settings are wrong, and says what is", async () => {
    const wrong = { ...config, "castle:region": "eu-west-9" };
    const error = await failureOf(
      Analyzer.start({ project: "castle", stack: "prd", config: wrong, signal: never }),
    );
    expect(error.message)
      .to.match(/the policy pack for stack prd ended with code/)
      .and.match(/castle:region/);
  });

  it("is gone once its signal is given", async () => {
    const stop = new AbortController();
    const analyzer = await Analyzer.start({ project: "castle", stack: "prd", config, signal: stop.signal });
    stop.abort(new Error("stopped"));
    await analyzer.gone;
    try {
      expect((await failureOf(analyzer.info())).message).to.match(/UNAVAILABLE|ECONN|No connection/i);
    } finally {
      await analyzer.end();
    }
  });

  it("ends with whoever started it, even one that is killed", async () => {
    const starter = spawn(process.execPath, [fileURLToPath(new URL("./starter.ts", import.meta.url))], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(starter.stdout, "data")) as [Buffer];
    const pid = Number(line);
    expect(isThere(pid), "the pack is there before").to.equal(true);
    starter.kill("SIGKILL");
    const deadline = Date.now() + 20_000;
    while (isThere(pid) && Date.now() < deadline) await setTimeout(20);
    expect(isThere(pid), "the pack is there after").to.equal(false);
  });

  it("is not started when its signal was given before", async () => {
    const error = await failureOf(
      Analyzer.start({
        project: "castle",
        stack: "prd",
        config,
        signal: AbortSignal.abort(new Error("late")),
      }),
    );
    expect(error.message).to.equal("late");
  });
});
