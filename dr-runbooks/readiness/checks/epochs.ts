import { seconds } from "@castle/regions/duration.ts";
import type { WitnessRecord } from "@castle/regions/witness/record.ts";
import type { DatabaseRole } from "../../cells/database.ts";
import type { CellRegion } from "../../target.ts";
import { type Check, judged, type Verdict } from "../check.ts";

export interface EpochsFound {
  readonly record: Pick<WitnessRecord, "epoch" | "activeRegion">;
  readonly peer: CellRegion;
  readonly roles: { readonly [side in "active" | "peer"]: Pick<DatabaseRole, "epoch" | "region"> };
  /** Epochs of the journals *in* the active cell and in the peer. */
  readonly journals: { readonly active: number; readonly peer: number };
}

export const epochs: Check = {
  name: "epochs",
  why: "Every write is decided by its epoch: where one disagrees, acknowledgements stop now or a takeover fences nobody.",
  mend: "Look at castle status: finish the handover that was begun (castle failover --to REGION), or wait for the active cell's engine to raise the peer's journal.",
  severity: "blocks",
  deadline: seconds(5),
  look: async (world) => {
    const [{ record }, { active, peer }] = await Promise.all([world.witness(), world.sides()]);
    const journal = (region: CellRegion): Promise<number> => world.inJournal(region, (held) => held.epoch());
    const [ofActive, ofPeer, inActive, inPeer] = await Promise.all([
      world.role(active),
      world.role(peer),
      journal(active),
      journal(peer),
    ]);
    return judgeEpochs({
      ...{ record, peer, roles: { active: ofActive, peer: ofPeer } },
      journals: { active: inActive, peer: inPeer },
    });
  },
};

/**
 * The witness, both role rows and the peer's journal are at one epoch. The active cell's own journal was raised when the
 * role last came *to* that cell, and nobody raises it again before it leaves: it may be behind, never ahead. Pure.
 */
export function judgeEpochs({ record, peer, roles, journals }: EpochsFound): Verdict {
  const { epoch, activeRegion } = record;
  const role = (region: string, row: Pick<DatabaseRole, "epoch" | "region">): string[] =>
    row.epoch === epoch && row.region === activeRegion
      ? []
      : [`the role row in ${region} is at epoch ${row.epoch} of ${row.region}`];
  const against = [
    ...role(activeRegion, roles.active),
    ...role(peer, roles.peer),
    ...(journals.peer === epoch ? [] : [`the journal in ${peer} is at epoch ${journals.peer}`]),
    ...(journals.active <= epoch
      ? []
      : [`the journal in ${activeRegion} is at epoch ${journals.active}: a handover away from it was begun`]),
  ];
  return judged(against, {
    found: `epoch ${epoch} of ${activeRegion} in the witness, both role rows and the peer's journal`,
    wanted: `epoch ${epoch} of ${activeRegion} everywhere; the active cell's own journal not past it`,
  });
}
