import type { Report } from "@castle/dr-runbooks/report/report.ts";

/** The checks that did not hold, a line each. */
export const failed = ({ checks }: Report): string[] =>
  checks.filter(({ ok }) => !ok).map(({ name, wanted, found }) => `${name}: ${found}, wanted ${wanted}`);
