import { type Control, control } from "../../frameworks.ts";

/** What all rules on role changes serve: a change to the infrastructure must not undo a recovery, nor begin one. */
export const changeSafely: readonly Control[] = [
  control("dora", "Art. 9(4)"),
  control("dora", "Art. 11(3)"),
  control("iso22301", "8.4"),
  control("iso27001", "A.8.32"),
  control("soc2", "CC8.1"),
  control("nist", "PR.PS-01"),
];
