import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Approval } from "@castle/dr-runbooks/engine/approval.ts";
import { defineRunbook, stepsOf } from "@castle/dr-runbooks/engine/runbook.ts";
import type { Step } from "@castle/dr-runbooks/engine/step.ts";
import { picture } from "@castle/dr-runbooks/pages/picture.ts";
import { renderPages } from "@castle/dr-runbooks/pages/render.ts";
import { tellDuration } from "@castle/dr-runbooks/pages/tell.ts";
import { allChecks } from "@castle/dr-runbooks/readiness/all-checks.ts";
import { catalogue } from "@castle/dr-runbooks/runbooks/catalogue.ts";
import { failure } from "@castle/dr-runbooks/steps/failure.ts";
import { allPages } from "@castle/lab/drill/all-pages.ts";
import { scenarioNames } from "@castle/lab/drill/scenario-names.ts";
import { milliseconds, minutes, seconds } from "@castle/regions/duration.ts";
import { expect } from "chai";

const docs = new URL("../../../docs/runbooks/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, docs), "utf8");

describe("the pages of the runbooks", () => {
  it("are what the runbooks say now (or else: node scripts/pages.ts)", () => {
    const pages = allPages();
    expect(readdirSync(docs).sort()).to.deep.equal([...pages.keys()].sort());
    for (const [name, text] of pages) expect(read(name), name).to.equal(text);
  });

  for (const { runbook, command } of catalogue)
    it(`${runbook.name}: names every step, in order, and links to what to do when it fails`, () => {
      const page = read(`${runbook.name}.md`);
      expect(page).to.contain(command);
      let at = 0;
      for (const { name, purpose } of stepsOf(runbook)) {
        at = page.indexOf(`| [${name}](#${name}) | ${purpose}`, at);
        expect(at, `${name} in the table, behind the step before`).to.be.greaterThan(0);
        expect(page).to.contain(`\n### ${name}\n`);
      }
      expect(page).to.contain(`${runbook.pointOfNoReturn.step}<br/>point of no return`);
    });

  it("readiness: tells of every check why it matters and how it is mended", () => {
    const page = read("readiness.md");
    for (const { name, why, mend } of allChecks) {
      expect(page).to.contain(`| ${name} | `);
      expect(page).to.contain(why);
      expect(page).to.contain(mend);
    }
  });

  it("drill: tells of every story", () => {
    const page = read("drill.md");
    for (const name of scenarioNames) expect(page).to.contain(`| \`${name}\``);
  });

  it("link to nothing that is not there", () => {
    for (const name of readdirSync(docs).filter((file) => file.endsWith(".md")))
      for (const [, link = ""] of read(name).matchAll(/\]\(([^)#][^)]*)\)/g))
        expect(existsSync(new URL(link, docs)), `${name} links to ${link}`).to.equal(true);
  });

  it("are refused while a step does not tell what its failure means", () => {
    const silent: Step<never> = {
      name: "silent",
      purpose: "Say nothing.",
      timeout: seconds(1),
      run: async () => undefined,
    };
    const runbook = defineRunbook<never>({
      name: "silence",
      purpose: "Say nothing.",
      parts: [silent],
      pointOfNoReturn: { step: "silent", notPassedWhen: () => false },
    });
    const entry = {
      kind: "repair",
      command: "castle",
      whenToUse: [],
      notFor: [],
      needs: [],
      unattended: { anywhere: false, because: "Nobody is asked." },
      runbook,
    } as const;
    expect(() => renderPages([entry])).to.throw("silent does not tell what its failure means");
  });

  it("tell durations as people do", () => {
    expect([minutes(15), seconds(90), seconds(5), milliseconds(200)].map(tellDuration)).to.deep.equal([
      "15 min",
      "90 s",
      "5 s",
      "200 ms",
    ]);
  });
});

describe("the picture of a runbook", () => {
  const step = (name: string): Step<never> => ({
    name,
    purpose: "Do it.",
    timeout: seconds(1),
    run: async () => undefined,
  });

  it("has an arrow from each step to the next, and into and out of every branch", () => {
    const runbook = defineRunbook<never>({
      name: "drawn",
      purpose: "Be drawn.",
      parts: [step("a"), { together: [[step("b1"), step("b2")], [step("c")]] }, step("d")],
      pointOfNoReturn: { step: "a", notPassedWhen: () => false },
    });
    const arrows = picture(runbook)
      .split("\n")
      .flatMap((line) => /^ *(s\d) --> (s\d)$/.exec(line)?.slice(1).join(">") ?? []);
    expect(arrows.sort()).to.deep.equal(["s1>s2", "s1>s4", "s2>s3", "s3>s5", "s4>s5"]);
  });

  it("tell what each step acts only after, and how often it is tried", () => {
    const page = renderPages().get("failover.md") ?? "";
    expect(page).to.match(
      /\[promote-database\]\(#promote-database\) \| the target's journal refuses the old epoch/,
    );
    expect(page).to.match(
      /\| until its time is up, every 100 ms; also after a global cluster that is in another/,
    );
    expect(page).to.match(
      /\[tell-everyone-it-begins\]\(#tell-everyone-it-begins\) \| at once \| 3 times at most, 200 ms apart \|/,
    );
  });

  it("are not made for a step whose precondition has no words", () => {
    const [first] = catalogue;
    if (!first) return expect.fail("there is no runbook");
    const mute: Step<never> = {
      ...{ ...step("mute"), ifItFails: failure("It failed.", ["Look."]) },
      precondition: async () => true,
    };
    const parts = [mute];
    const pointOfNoReturn = { step: "mute", notPassedWhen: () => false };
    const runbook = defineRunbook<never>({ name: "mute", purpose: "Be mute.", parts, pointOfNoReturn });
    expect(() => renderPages([{ ...first, runbook }])).to.throw(
      /mute needs both a precondition and the words/,
    );
  });

  it("shows approvals in a shape of their own, and a way round what has a condition", () => {
    const when = { words: "it is wanted", holds: async () => true };
    const approval: Approval<never> = {
      ...{
        name: "hold",
        purpose: "Go on.",
        asks: async () => ({ figures: [] }),
        counts: seconds(1),
        word: () => "yes",
      },
      ...{ ahead: false, when },
    };
    const drawn = picture(
      defineRunbook<never>({
        name: "drawn",
        purpose: "Be drawn.",
        parts: [
          step("a"),
          approval,
          { together: [[{ ...step("b"), when }, step("c")], [step("d")]], when },
          step("e"),
        ],
        pointOfNoReturn: { step: "a", notPassedWhen: () => false },
      }),
    );
    expect(drawn).to.contain('a1[/"hold<br/>approval"/]').and.to.contain('c1{"it is wanted?"}');
    const arrows = drawn.split("\n").flatMap((line) => {
      const [, from, label = "", to] = /^ *(\w\d) --(?: (\w+) --)?> (\w\d)$/.exec(line) ?? [];
      return from === undefined ? [] : [`${from}${label}>${to}`];
    });
    expect(arrows.sort()).to.deep.equal(
      [
        ...["s1>c1", "c1yes>a1", "a1>c2", "c1no>c2"],
        ...["c2yes>c3", "c2yes>s4", "c3yes>s2", "s2>s3", "c3no>s3"],
        ...["s3>s5", "s4>s5", "c2no>s5"],
      ].sort(),
    );
  });
});
