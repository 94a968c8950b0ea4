import type { Runbook } from "../engine/runbook.ts";
import { failover } from "./failover.ts";
import { isolate } from "./isolate.ts";
import { rejoin } from "./rejoin.ts";
import { switchover } from "./switchover.ts";
import { type Unattended, unattended } from "./unattended.ts";

/**
 * - `emergency`: something is lost, and every second counts.
 * - `planned`: everything is well, and the moment is chosen.
 * - `repair`: trading goes on elsewhere; what was damaged is made whole.
 */
export type RunbookKind = "emergency" | "planned" | "repair";

/** A runbook with what an operator has to know before starting it. Sentences; no line breaks. */
export interface CatalogueEntry {
  /** Of whatever context: who reads a catalogue runs no step of it. */
  readonly runbook: Runbook<never>;
  readonly kind: RunbookKind;
  /** As it is typed; REGION and the like stand for what the operator fills in. */
  readonly command: string;
  readonly whenToUse: readonly string[];
  /** What looks like its case and is not, and what to do then. */
  readonly notFor: readonly string[];
  /** What has to be there for it to work. */
  readonly needs: readonly string[];
  readonly unattended: Unattended;
}

/** Every runbook there is. Pages, the IAM policy and the tests of both are made from it. */
export const catalogue: readonly CatalogueEntry[] = [
  {
    runbook: failover,
    kind: "emergency",
    command: "castle failover --to REGION",
    whenToUse: [
      "The active region is lost, or so broken that nobody can trade there, and it will not be back within minutes.",
      "A switchover has taken the role and its old region died on the way: the failover finishes it in the same epoch.",
    ],
    notFor: [
      "Both regions are well: a switchover hands over without loss and can be taken back until it takes the role.",
      "Only the peer is lost: the active cell goes on in solo by itself, and nothing has to be handed over.",
      "One zone, one node or one process is lost: the cell heals itself.",
    ],
    needs: [
      "The witness, in the third region.",
      "The target's database, journal, cache and engines, and its region's RDS and ElastiCache control planes.",
      "The target's Kubernetes cluster, to grow: it opens at its warm size when that does not answer.",
      "Nothing of the lost region. The accelerator's control plane is used last, and done without when it is silent.",
    ],
    unattended: unattended.failover,
  },
  {
    runbook: switchover,
    kind: "planned",
    command: "castle switchover --to REGION",
    whenToUse: [
      "The role is to move while both regions are well: maintenance, an exercise, a region that announces trouble.",
      "The home region is back, follows, and is paired again: a failback is a switchover to it.",
    ],
    notFor: [
      "The active region is lost or does not answer: use failover.",
      "The cells are solo: wait until they are paired again, since a switchover never consents to loss.",
    ],
    needs: [
      "Both cells, paired: databases, journals, caches, engines, and a target that follows closely.",
      "The witness, and the control planes of RDS and ElastiCache in both regions and of the accelerator.",
      "The target's Kubernetes cluster, with room for the active size.",
    ],
    unattended: unattended.switchover,
  },
  {
    runbook: isolate,
    kind: "repair",
    command: "castle isolate --region REGION",
    whenToUse: [
      "A region was failed away from, and is not to come back by itself before somebody has looked at it.",
      "The standby misbehaves, or is to be worked on, and nothing may be sent to it.",
    ],
    notFor: [
      "The region holds the role: hand over first.",
      "The old writer's tail is to be kept: take its snapshot first, since a cell that can reach the active one is rewound.",
    ],
    needs: [
      "The witness, and the active cell's journal: the fence stands there, and must be confirmed.",
      "Nothing of the isolated region: what does not answer is told, and done by running it again.",
    ],
    unattended: unattended.isolate,
  },
  {
    runbook: rejoin,
    kind: "repair",
    command: "castle rejoin --region REGION",
    whenToUse: [
      "A region that was lost or isolated answers again, and is to become the standby that a failover can count on.",
      "The cells have been solo for long: it says what the pairing waits for.",
    ],
    notFor: [
      "The role is to go home: that is castle failback, once this is done.",
      "RDS names the cell's database no member any more: rebuild the secondary first.",
    ],
    needs: [
      "The witness, the active cell with its matching engine, and the returning cell's database, journal and cache.",
      "The control planes of RDS and ElastiCache in the active region, and of the accelerator.",
    ],
    unattended: unattended.rejoin,
  },
];
