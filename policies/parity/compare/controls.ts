import { type Control, control } from "../../frameworks.ts";

/** What all rules on parity serve: the cell that takes over is able to do what the other did. */
export const ableToTakeOver: readonly Control[] = [
  control("dora", "Art. 12(5)"),
  control("iso22301", "8.3"),
  control("iso27001", "A.8.9"),
  control("iso27001", "A.8.14"),
  control("soc2", "A1.1"),
  control("soc2", "A1.2"),
  control("nist", "PR.IR-04"),
];
