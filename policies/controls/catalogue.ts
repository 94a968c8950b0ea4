import type { Control, Framework } from "../frameworks.ts";
import { cisAws } from "./cis-aws.ts";
import { cisEks } from "./cis-eks.ts";
import { dora } from "./dora.ts";
import type { ControlEntry } from "./entry.ts";
import { iso22301 } from "./iso22301.ts";
import { iso27001 } from "./iso27001.ts";
import { mica } from "./mica.ts";
import { nist } from "./nist.ts";
import { pci } from "./pci.ts";
import { soc2 } from "./soc2.ts";

/** Every control of every framework, served by a rule or not. */
export const controls: Readonly<Record<Framework, readonly ControlEntry[]>> = {
  dora,
  mica,
  pci,
  soc2,
  iso27001,
  iso22301,
  nist,
  "cis-aws": cisAws,
  "cis-eks": cisEks,
};

/** The catalogue's control that a number is in: `Art. 12(1)` is in `Art. 12`; null when it is in none. */
export function entryOf({ framework, number }: Control): ControlEntry | null {
  const around = controls[framework].filter(
    (entry) =>
      number === entry.number ||
      (number.startsWith(entry.number) && !/^[\w]/.test(number.slice(entry.number.length))),
  );
  return around.toSorted((a, b) => b.number.length - a.number.length)[0] ?? null;
}
