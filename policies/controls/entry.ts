/** Who shows that a control is met where no rule of the pack judges it. */
export const elsewhere = {
  organisation: "people decide and show it: policies, roles, contracts, training",
  running: "shown by what runs: drills, runbooks, readiness and the evidence they leave",
  application: "in the services' code, and their tests",
  aws: "AWS's part of the shared responsibility",
  unused: "the platform has nothing of the kind",
  account: "set once for the whole account or organisation, outside these stacks",
  nobody: "nothing in this repository shows it",
} as const;

export type Elsewhere = keyof typeof elsewhere;

/** A control as its framework numbers it, what it is about in a few words, and who shows it besides the pack. */
export interface ControlEntry {
  readonly number: string;
  readonly title: string;
  readonly elsewhere: Elsewhere;
}

/** A line a control: number, title, and who shows it besides the pack, between bars. */
export const controlsOf = (lines: string): readonly ControlEntry[] =>
  lines
    .trim()
    .split("\n")
    .map((line) => {
      const [number = "", title = "", who = ""] = line.split("|").map((part) => part.trim());
      if (!(who in elsewhere)) throw new Error(`control ${number} names nobody who shows it: ${line}`);
      return { number, title, elsewhere: who as Elsewhere };
    });
