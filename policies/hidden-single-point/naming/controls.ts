import { type Control, control } from "../../frameworks.ts";

/** What all rules on hidden single points serve: what one region needs of the other, it loses with it. */
export const standsAlone: readonly Control[] = [
  control("dora", "Art. 11(2)"),
  control("dora", "Art. 12(5)"),
  control("iso22301", "8.3"),
  control("iso27001", "A.5.30"),
  control("iso27001", "A.8.14"),
  control("soc2", "CC9.1"),
];
