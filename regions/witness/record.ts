import { z } from "zod";
import { type CellRegion, cellRegions, type RegionName } from "../catalogue.ts";
import { type Epoch, epochSchema, nextEpoch } from "../epoch.ts";
import type { Mode } from "../role.ts";

/** The one record in the witness region that names who is active. */
export interface WitnessRecord {
  readonly epoch: Epoch;
  readonly activeRegion: CellRegion;
  readonly mode: Mode;
  /**
   * Who wrote the record: an execution of a runbook, or a cell. It lets a writer whose answer got lost on the way
   * recognise its own write.
   */
  readonly changedBy: string;
}

export const witnessRecordSchema = z.object({
  epoch: epochSchema,
  activeRegion: z.enum(cellRegions),
  mode: z.enum(["paired", "solo"]),
  changedBy: z.string().min(1),
});

/** A change somebody asks the witness for. */
export type WitnessChange =
  /** The active cell lost its peer and wants to acknowledge alone. */
  | { readonly kind: "go-solo"; readonly region: RegionName; readonly epoch: Epoch; readonly by: string }
  /** The active cell has its peer back and everything backfilled. */
  | { readonly kind: "pair"; readonly region: RegionName; readonly epoch: Epoch; readonly by: string }
  /** An operator hands the active role over. `consentToLoss` is needed out of `solo`. */
  | {
      readonly kind: "hand-over";
      readonly to: CellRegion;
      readonly from: Epoch;
      readonly by: string;
      readonly consentToLoss: boolean;
    };

export type WitnessRefusal =
  | "stale-epoch"
  | "not-the-active-region"
  | "already-solo"
  | "already-paired"
  | "already-active-there"
  | "solo-needs-consent";

export type Transition =
  | { readonly ok: true; readonly record: WitnessRecord }
  | { readonly ok: false; readonly refusal: WitnessRefusal; readonly because: string };

/** The witness said no. `current` is what the record held when it refused. */
export class WitnessRefused extends Error {
  readonly refusal: WitnessRefusal;
  readonly current: WitnessRecord;

  constructor(refusal: WitnessRefusal, because: string, current: WitnessRecord) {
    super(because);
    this.name = "WitnessRefused";
    this.refusal = refusal;
    this.current = current;
  }
}

/** Decides a change against the record as it stands. Pure: the whole protocol of the witness is here. */
export function transition(current: WitnessRecord, change: WitnessChange): Transition {
  switch (change.kind) {
    case "go-solo":
      return byActiveCell(current, change, "solo", "already-solo");
    case "pair":
      return byActiveCell(current, change, "paired", "already-paired");
    case "hand-over":
      return handOver(current, change);
    default:
      return change satisfies never;
  }
}

/**
 * True when the record is what `change` itself left behind: its writer's answer was lost on the way, and the change
 * counts as made. `by` tells its own write from another's.
 */
export function alreadyMade(current: WitnessRecord, change: WitnessChange): boolean {
  if (current.changedBy !== change.by) return false;
  switch (change.kind) {
    case "go-solo":
    case "pair":
      return (
        current.epoch === change.epoch &&
        current.activeRegion === change.region &&
        current.mode === (change.kind === "pair" ? "paired" : "solo")
      );
    case "hand-over":
      return current.epoch === nextEpoch(change.from) && current.activeRegion === change.to;
    default:
      return change satisfies never;
  }
}

type CellChange = Extract<WitnessChange, { kind: "go-solo" | "pair" }>;
type HandOver = Extract<WitnessChange, { kind: "hand-over" }>;

function byActiveCell(
  current: WitnessRecord,
  change: CellChange,
  mode: Mode,
  already: WitnessRefusal,
): Transition {
  if (change.epoch !== current.epoch) return stale(current, change.epoch);
  if (change.region !== current.activeRegion)
    return refuse(
      "not-the-active-region",
      `${change.region} is not active in epoch ${current.epoch}: ${current.activeRegion} is`,
    );
  if (current.mode === mode) return refuse(already, `epoch ${current.epoch} is ${mode} already`);
  return { ok: true, record: { ...current, mode, changedBy: change.by } };
}

function handOver(current: WitnessRecord, change: HandOver): Transition {
  if (change.from !== current.epoch) return stale(current, change.from);
  if (change.to === current.activeRegion)
    return refuse(
      "already-active-there",
      `${change.to} is the active region of epoch ${current.epoch} already`,
    );
  if (current.mode === "solo" && !change.consentToLoss)
    return refuse(
      "solo-needs-consent",
      `epoch ${current.epoch} is solo: commands may exist in ${current.activeRegion} alone; handing over needs explicit consent to lose them`,
    );
  return {
    ok: true,
    record: {
      epoch: nextEpoch(current.epoch),
      activeRegion: change.to,
      mode: "solo",
      changedBy: change.by,
    },
  };
}

const refuse = (refusal: WitnessRefusal, because: string): Transition => ({ ok: false, refusal, because });

const stale = (current: WitnessRecord, asked: Epoch): Transition =>
  refuse(
    "stale-epoch",
    `the change was meant for epoch ${asked}, but the witness is at epoch ${current.epoch} (${current.activeRegion} active)`,
  );
