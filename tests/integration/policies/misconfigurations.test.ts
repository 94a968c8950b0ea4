import { readdirSync, readFileSync } from "node:fs";
import { castleProgram } from "@castle/infra/plan/castle-program.ts";
import { checkAll } from "@castle/infra/plan/checks/all.ts";
import { compareCells } from "@castle/infra/plan/compare/cells.ts";
import { Analyzer } from "@castle/policies/analyzer/analyzer.ts";
import { judgeRule } from "@castle/policies/judge.ts";
import { factsOfGraph } from "@castle/policies/judged/graph-facts.ts";
import { misconfigurations } from "@castle/policies/misconfigurations/all.ts";
import { type Caught, type Cell, catchAll, spoilt } from "@castle/policies/misconfigurations/catch.ts";
import { plannedCells } from "@castle/policies/misconfigurations/planned-cells.ts";
import { renderCompliancePage } from "@castle/policies/pages/compliance-page.ts";
import type { Area } from "@castle/policies/rule.ts";
import { rules } from "@castle/policies/rules.ts";
import { expect } from "chai";

/** The heart of the pack: each of their rules has at least one mistake that it alone must not miss. */
const seededThroughout: readonly Area[] = [
  "recovery",
  "role-change",
  "edge",
  "hidden-single-point",
  "parity",
];

/** All of them would take the pack the better part of a minute. */
const THROUGH_THE_PACK = 4;
/** Comparing 6,000 properties takes a quarter of a second. Among these are some that spoil both cells alike. */
const THROUGH_THE_PLAN = 40;

describe("mistakes seeded into the real program's plan", () => {
  let home: Cell;
  let peer: Cell;
  let caught: readonly Caught[];
  before(async () => {
    ({ home, peer } = await plannedCells(new AbortController().signal));
    caught = catchAll(misconfigurations, rules, home, peer);
  });

  for (const misconfiguration of misconfigurations)
    it(`${misconfiguration.what}: reported by ${misconfiguration.rule}`, () => {
      const found = caught.find((each) => each.misconfiguration === misconfiguration);
      expect(found?.by).to.include(misconfiguration.rule);
    });

  it("are one at least for each rule on recovery, role changes, edge, hidden single points and parity", () => {
    const seeded = new Set(misconfigurations.map(({ rule }) => rule));
    const missing = rules.filter(({ area, name }) => seededThroughout.includes(area) && !seeded.has(name));
    expect(missing.map(({ name }) => name)).to.deep.equal([]);
  });

  it("turn the plan red by themselves where they are in one cell alone: its checks, or its comparison [exhaustive]", () => {
    const programs = [castleProgram("prd"), castleProgram("dr")];
    const red = misconfigurations.slice(0, THROUGH_THE_PLAN).filter((misconfiguration) => {
      const seeded = spoilt(misconfiguration, home, peer);
      const stacks = [seeded.home.graph, seeded.peer.graph];
      const comparison = compareCells(programs, stacks);
      return checkAll(stacks).length > 0 || (comparison?.unexplained.length ?? 0) > 0;
    });
    expect(red.length, red.map(({ what }) => what).join("\n")).to.be.at.least(25);
  });

  it("are all of them made: none is left out of the list", async () => {
    const folder = new URL("../../../policies/misconfigurations/", import.meta.url);
    for (const file of readdirSync(folder)) {
      const module = (await import(new URL(file, folder).href)) as Readonly<Record<string, unknown>>;
      for (const list of Object.values(module))
        if (Array.isArray(list)) expect(misconfigurations, file).to.include.members(list);
    }
  });

  it("are reported by nothing while they are not made", () => {
    const nothing = { what: "nothing", rule: "none", seed: () => undefined };
    expect(catchAll([nothing], rules, home, peer)[0]?.by).to.deep.equal([]);
  });

  it("stand in docs/compliance.md as they were caught, with the pack as it is (or else: node scripts/pages.ts)", () => {
    const page = readFileSync(new URL("../../../docs/compliance.md", import.meta.url), "utf8");
    expect(renderCompliancePage(rules, caught)).to.equal(page);
  });

  it("are reported by a pack in a process of its own as they are here, to the last finding [exhaustive]", async () => {
    const program = castleProgram("dr");
    const own = rules.flatMap((rule) => (rule.about === "pair" ? [] : [rule]));
    const analyzer = await Analyzer.start({ ...program, signal: new AbortController().signal });
    try {
      const asItIs = JSON.stringify(peer.graph);
      const inThePeer = misconfigurations
        .map((misconfiguration) => ({ misconfiguration, spoilt: spoilt(misconfiguration, home, peer).peer }))
        .filter(({ spoilt: { graph } }) => JSON.stringify(graph) !== asItIs);
      for (const { misconfiguration, spoilt: cell } of inThePeer.slice(0, THROUGH_THE_PACK)) {
        const facts = factsOfGraph(cell.graph);
        const said = [...(await analyzer.analyze(facts)), ...(await analyzer.analyzeStack(facts))];
        const here = own.flatMap((rule) => {
          const { violations, unjudged } = judgeRule(rule, facts, peer.settings);
          return [
            ...violations.map(({ resource, property, found }) => [
              rule.name,
              resource.facts.urn,
              property,
              found,
            ]),
            ...unjudged.map(({ resource, property }) => [rule.name, resource.urn, property, "unknown"]),
          ];
        });
        const there = said.map((each) => [
          ...[each.rule, each.urn, each.property],
          each.kind === "violation" ? each.found : "unknown",
        ]);
        expect(there, misconfiguration.what).to.have.deep.members(here);
      }
    } finally {
      await analyzer.end();
    }
  });
});
