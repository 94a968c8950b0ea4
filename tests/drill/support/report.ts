import { fails } from "@castle/dr-runbooks/report/findings.ts";
import type { Report } from "@castle/dr-runbooks/report/report.ts";

/** The checks that did not hold, a line each. */
export const failed = ({ checks }: Report): string[] =>
  checks.filter(fails).map(({ name, wanted, found }) => `${name}: ${found}, wanted ${wanted}`);
