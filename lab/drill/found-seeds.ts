/** A schedule that once failed, and what it found. Replayed by `castle drill --random --found`, with four seconds each. */
export interface FoundSeed {
  readonly seed: number;
  readonly found: string;
  /** The kinds of its blows, in order: a generator that draws otherwise would replay something else. */
  readonly blows: readonly string[];
}

export const foundSeeds: readonly FoundSeed[] = [
  {
    seed: 26,
    found: "a cell that was let back in took longer than the drill waited for it",
    blows: ["failback", "freeze-process", "slow-channel", "switchover"],
  },
  {
    seed: 30,
    found: "such a cell took longer still beside a suspended database",
    blows: ["freeze-process", "failback", "switchover", "stall-channel", "stall-channel"],
  },
  {
    seed: 408,
    found: "a backlog of appends outlasted the drill's patience",
    blows: ["kill-process", "kill-region", "stall-channel", "isolate"],
  },
  {
    seed: 524,
    found: "the drill judged a killed runner by what it had told, and not by its record",
    blows: ["kill-process", "isolate", "kill-region", "black-hole", "rejoin"],
  },
  {
    seed: 526,
    found: "a rejoin took a cell for followed before its journal was",
    blows: ["rejoin", "kill-region", "cut-link"],
  },
];
