import type { Compliance } from "./compliance.ts";
import { holds } from "./compliance.ts";

/** For machines. A field more is no new version; one that is gone, or means something else, is. */
export const jsonOf = (compliance: Compliance) => ({
  version: 1,
  holds: holds(compliance),
  ...compliance,
  results: compliance.results.map(({ rule, ...came }) => ({
    rule: rule.name,
    area: rule.area,
    severity: rule.severity,
    what: rule.what,
    why: rule.why,
    remedy: rule.remedy,
    controls: rule.controls,
    ...came,
  })),
});
