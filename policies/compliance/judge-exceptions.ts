import { type Exception, exceptionFor } from "../exceptions.ts";
import type { BadException, RuleResult, Violation } from "./compliance.ts";

/** The violations with what excepts them on a day (`2026-11-27`). */
export const withExceptions = (
  results: readonly RuleResult[],
  list: readonly Exception[],
  today: string,
): RuleResult[] =>
  results.map((result) => ({
    ...result,
    violations: result.violations.map((violation) => ({
      ...violation,
      exception: coverOf(result, violation, list, today),
    })),
  }));

const coverOf = (
  { rule }: RuleResult,
  { name, stack }: Violation,
  list: readonly Exception[],
  today: string,
): Exception | null => exceptionFor(list, { rule, resource: name, stack, today }) ?? null;

/**
 * Exceptions that have expired, that name no rule, or that nothing needs. Only one whose rule was asked, and all of whose
 * stacks were judged, can be found to be needed by nothing.
 */
export function badExceptions(
  results: readonly RuleResult[],
  list: readonly Exception[],
  judged: { readonly today: string; readonly stacks: readonly string[]; readonly rules: readonly string[] },
): BadException[] {
  const used = new Set(results.flatMap(({ violations }) => violations.map(({ exception }) => exception)));
  const asked = new Set(results.map(({ rule }) => rule.name));
  return list.flatMap((exception): BadException[] => {
    if (!judged.rules.includes(exception.rule)) return [{ exception, what: "of no rule" }];
    if (exception.until < judged.today) return [{ exception, what: "expired" }];
    const known =
      asked.has(exception.rule) && exception.stacks.every((stack) => judged.stacks.includes(stack));
    return known && !used.has(exception) ? [{ exception, what: "unused" }] : [];
  });
}
