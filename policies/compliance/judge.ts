import { cellsAmong } from "@castle/infra/plan/compare/cells.ts";
import type { Program } from "@castle/infra/plan/engine/preview-stack.ts";
import { makePlan } from "@castle/infra/plan/plan.ts";
import { readSettings } from "@castle/infra/settings/settings.ts";
import { ownConfig } from "@castle/infra/settings/stack-file.ts";
import { Analyzer } from "../analyzer/analyzer.ts";
import { exceptions } from "../exceptions.ts";
import type { Framework } from "../frameworks.ts";
import type { Rule } from "../rule.ts";
import { rules } from "../rules.ts";
import type { Compliance } from "./compliance.ts";
import { badExceptions, withExceptions } from "./judge-exceptions.ts";
import { judgeByPack, judgeCells, type Subject, subjectOf, together } from "./judge-stacks.ts";

/**
 * Plans the stacks, has a pack of its own judge each of them, and judges both cells of a platform together.
 * @param framework only the rules that serve it; null for all
 * @throws ProgramFailed when a stack's program ends with an error; Error with what a pack said that failed
 */
export async function judgeCompliance(
  programs: readonly Program[],
  framework: Framework | null,
  signal: AbortSignal,
): Promise<Compliance> {
  const startedAt = performance.now();
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  // Packs start while programs run.
  const packs = programs.map(({ project, stack, config }) =>
    Analyzer.start({ project, stack, config, withoutExceptions: true, signal: either }),
  );
  const asked = rules.filter((rule) => serves(rule, framework));
  try {
    const [plan, analyzers] = await Promise.all([makePlan(programs, either), Promise.all(packs)]);
    const subjects = programs.map(({ stack, config }, at): Subject => {
      const graph = plan.stacks[at];
      if (!graph) throw new Error(`stack ${stack} is not in the plan`);
      return subjectOf(readSettings(stack, ownConfig(config)), graph);
    });
    const own = asked.flatMap((rule) => (rule.about === "pair" ? [] : [rule]));
    const results = await Promise.all(
      subjects.flatMap((subject, at) => {
        const analyzer = analyzers[at];
        return analyzer ? [judgeByPack(subject, own, analyzer)] : [];
      }),
    );
    const cells = cellsAmong(subjects);
    const pairRules = asked.flatMap((rule) => (rule.about === "pair" ? [rule] : []));
    const both = cells ? judgeCells(cells.home, cells.peer, pairRules) : pairRules.map(notAsked);
    const today = new Date().toISOString().slice(0, 10);
    const judged = withExceptions(together([...results.flat(), ...both]), exceptions, today);
    return {
      madeAt: new Date().toISOString(),
      seconds: (performance.now() - startedAt) / 1_000,
      framework,
      stacks: subjects.map(({ settings, resources }) => ({
        stack: settings.stack,
        profile: settings.profile.name,
        region: settings.region,
        resources: resources.length,
      })),
      pair: cells ? { home: cells.home.settings.stack, peer: cells.peer.settings.stack } : null,
      results: judged,
      badExceptions: badExceptions(judged, exceptions, {
        today,
        stacks: programs.map(({ stack }) => stack),
        rules: rules.map(({ name }) => name),
      }),
    };
  } catch (error) {
    failure.abort(error);
    throw error;
  } finally {
    const started = await Promise.allSettled(packs);
    await Promise.all(started.flatMap((pack) => (pack.status === "fulfilled" ? [pack.value.end()] : [])));
  }
}

const serves = ({ controls }: Rule, framework: Framework | null): boolean =>
  framework === null || controls.some((control) => control.framework === framework);

const notAsked = (rule: Rule) => ({ rule, asked: [], violations: [], unjudged: [] });
