import type { Finding, Rule } from "./rule.ts";

/** What a violation says, in one line: property, found, wanted, remedy. */
export const messageOf = (rule: Rule, { property, found, wanted }: Finding): string =>
  `${property}: found ${found}; wanted ${wanted}. ${rule.remedy}`;

const MESSAGE = /^(?<property>.+?): found (?<found>.*?); wanted (?<wanted>.*?)\. /s;

/** The parts of a message again, where it comes back from a pack in a process of its own; null when it is none. */
export function partsOf(message: string): Omit<Finding, "resource"> | null {
  const { property, found, wanted } = MESSAGE.exec(message)?.groups ?? {};
  return property !== undefined && found !== undefined && wanted !== undefined
    ? { property, found, wanted }
    : null;
}

/** What a rule says of a resource that it cannot judge yet. */
export const messageOfUnjudged = (property: string): string =>
  `${property}: cannot be judged before deployment, since it is known only then.`;

const UNJUDGED = /^(?<property>.+?): cannot be judged before deployment/;

/** The property again; null when the message is none of these. */
export const unjudgedPartOf = (message: string): string | null =>
  UNJUDGED.exec(message)?.groups?.property ?? null;
