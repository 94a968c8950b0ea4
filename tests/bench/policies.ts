/**
 * What the policy pack costs: `node tests/bench/policies.ts`. Its start, what it takes to judge the planned stacks prd and
 * dr resource by resource and as a whole, and how both grow with a stack of up to 10,000 resources.
 */
import { castleProgram } from "@castle/infra/plan/castle-program.ts";
import { makePlan } from "@castle/infra/plan/plan.ts";
import { Analyzer } from "@castle/policies/analyzer/analyzer.ts";
import { factsOfGraph } from "@castle/policies/judged/graph-facts.ts";
import type { ResourceFacts } from "@castle/policies/judged/resource.ts";
import { rules } from "@castle/policies/rules.ts";

const SIZES = [1_000, 2_500, 5_000, 10_000];
const { signal } = new AbortController();

async function timed<Result>(work: () => Promise<Result>): Promise<[number, Result]> {
  const begin = performance.now();
  const result = await work();
  return [performance.now() - begin, result];
}

const tell = (what: string, figure: number, unit: string): void =>
  console.log(`${what.padEnd(58)} ${figure.toFixed(figure < 10 ? 2 : 0).padStart(9)} ${unit}`);

/** So many resources, as the stack's own are, over and over. */
const grown = (facts: readonly ResourceFacts[], size: number): ResourceFacts[] =>
  Array.from({ length: size }, (_, at) => {
    const one = facts[at % facts.length] as ResourceFacts;
    return at < facts.length ? one : { ...one, name: `${one.name}-${at}`, urn: `${one.urn}-${at}` };
  });

const program = castleProgram("prd");
const [planMs, plan] = await timed(() => makePlan([program], signal));
const [graph] = plan.stacks;
if (!graph) throw new Error("prd is not in the plan");
const facts = factsOfGraph(graph);
tell("stack prd planned", planMs, "ms");

const [startMs, analyzer] = await timed(() => Analyzer.start({ ...program, signal }));
try {
  tell(`pack of ${rules.length} rules started`, startMs, "ms");
  for (const size of [facts.length, facts.length, ...SIZES]) {
    const stack = grown(facts, size);
    const [eachMs] = await timed(() => analyzer.analyze(stack));
    tell(`${size} resources judged one by one, for each`, eachMs / size, "ms");
    const [wholeMs] = await timed(() => analyzer.analyzeStack(stack));
    tell(`${size} resources judged as a stack, in all`, wholeMs, "ms");
  }
} finally {
  await analyzer.end();
}
