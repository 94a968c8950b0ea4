/** Whether it may be run with nobody there to agree (`--yes`) anywhere, or for drills in a lab only; and why. */
export interface Unattended {
  readonly anywhere: boolean;
  readonly because: string;
}

const nobodyDecides: Unattended = {
  anywhere: false,
  because:
    "Which region holds the role is decided by a person who has looked at both: no script sees as much.",
};

/** By the runbook's name. Apart from the catalogue, for whoever wants no runbook loaded to know. */
export const unattended = {
  failover: nobodyDecides,
  switchover: nobodyDecides,
  isolate: {
    anywhere: false,
    because:
      "It ends every session of the cell's services and leaves the platform solo: whoever does that to the wrong cell takes the standby away.",
  },
  rejoin: {
    anywhere: true,
    because:
      "It waits, takes nothing out, and changes one weight once both cells are paired: there is nothing to decide.",
  },
} as const satisfies Readonly<Record<string, Unattended>>;

/** null for a runbook that nobody has thought about. */
export const unattendedOf = (runbook: string): Unattended | null =>
  Object.entries(unattended).find(([name]) => name === runbook)?.[1] ?? null;
