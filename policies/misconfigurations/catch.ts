import type { StackGraph } from "@castle/infra/plan/graph/graph.ts";
import type { Settings } from "@castle/infra/settings/settings.ts";
import { judgePair, judgeRule } from "../judge.ts";
import { factsOfGraph } from "../judged/graph-facts.ts";
import type { Finding, Rule } from "../rule.ts";
import { Draft } from "./draft.ts";
import type { Misconfiguration } from "./misconfiguration.ts";

/** A planned cell and its settings. */
export interface Cell {
  readonly settings: Settings;
  readonly graph: StackGraph;
}

export interface Caught {
  readonly misconfiguration: Misconfiguration;
  /** Names of the rules that report it and had nothing of the kind to report before, in the pack's order. */
  readonly by: readonly string[];
}

/** Seeds one misconfiguration after the other into copies of both cells, and has every rule judge them. */
export function catchAll(
  misconfigurations: readonly Misconfiguration[],
  rules: readonly Rule[],
  home: Cell,
  peer: Cell,
): Caught[] {
  const before = reported(rules, home, peer);
  return misconfigurations.map((misconfiguration) => {
    const seeded = spoilt(misconfiguration, home, peer);
    const after = reported(rules, seeded.home, seeded.peer);
    const by = rules
      .map(({ name }) => name)
      .filter((name) => [...(after.get(name) ?? [])].some((finding) => !before.get(name)?.has(finding)));
    return { misconfiguration, by };
  });
}

/** Both cells with the mistake in them. */
export function spoilt(
  { seed }: Misconfiguration,
  home: Cell,
  peer: Cell,
): { readonly home: Cell; readonly peer: Cell } {
  const [ours, theirs] = [new Draft(home.graph), new Draft(peer.graph)];
  seed(ours, theirs);
  return { home: { ...home, graph: ours.graph }, peer: { ...peer, graph: theirs.graph } };
}

function reported(rules: readonly Rule[], home: Cell, peer: Cell): Map<string, Set<string>> {
  const [ours, theirs] = [factsOfGraph(home.graph), factsOfGraph(peer.graph)];
  return new Map(
    rules.map((rule) => [
      rule.name,
      new Set(
        (rule.about === "pair"
          ? [judgePair(rule, ours, theirs, home.settings)]
          : [judgeRule(rule, ours, home.settings), judgeRule(rule, theirs, peer.settings)]
        ).flatMap(({ violations }) => violations.map(keyOf)),
      ),
    ]),
  );
}

const keyOf = ({ resource, property, found }: Finding): string =>
  JSON.stringify([resource.facts.urn, property, found]);
