import { type Control, control } from "../../frameworks.ts";

/** What all rules on the edge serve: traffic reaches the cell that may answer, and no other. */
export const availableAtTheEdge: readonly Control[] = [
  control("dora", "Art. 11(3)"),
  control("iso22301", "8.3"),
  control("iso27001", "A.8.14"),
  control("soc2", "A1.2"),
  control("nist", "PR.IR-04"),
];
