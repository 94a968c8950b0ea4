import type { Rule } from "./rule.ts";

/** A violation that is accepted for a time, by somebody who answers for it. */
export interface Exception {
  /** Name of a rule. */
  readonly rule: string;
  /** Logical name of the resource; `*` stands for any part of it. */
  readonly resource: string;
  /** Names of the stacks it holds in. */
  readonly stacks: readonly string[];
  readonly reason: string;
  /** A role, not a person: people leave. */
  readonly owner: string;
  /** Last day it holds, `2027-03-31`. */
  readonly until: string;
}

/** The committed list. Empty is best. An exception that has expired, or that nothing needs, fails `castle compliance`. */
export const exceptions: readonly Exception[] = [];

/** The exception that covers a violation on a day (`2026-11-27`), if there is one. */
export const exceptionFor = (
  list: readonly Exception[],
  { rule, resource, stack, today }: { rule: Rule; resource: string; stack: string; today: string },
): Exception | undefined =>
  list.find(
    (each) =>
      each.rule === rule.name &&
      each.stacks.includes(stack) &&
      each.until >= today &&
      matches(each.resource, resource),
  );

const matches = (pattern: string, name: string): boolean =>
  new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  ).test(name);
