import { literal } from "./literal.ts";

/** A difference between the two cells that is meant. */
export interface Allowance {
  /** Path and type of resources, as the plan tells them; `*` stands for anything. */
  readonly resource: string;
  /** Path of properties; `*` stands for anything. Left out: the whole resource, which one cell alone has. */
  readonly property?: string;
  /** Which cell alone has it; left out for a property, both may have one. */
  readonly only?: "home" | "peer";
  /** Why it must differ. */
  readonly reason: string;
}

/** A pattern in which `*` stands for anything, and everything else for itself. */
export const matches = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.split("*").map(literal).join(".*")}$`, "s").test(text);
