import type { WitnessChange, WitnessRecord } from "./record.ts";

/** The witness as its users see it: read the record, or ask for a change that is made whole or not at all. */
export interface Witness {
  /** The record, read with strong consistency. @throws WitnessUnreachable, WitnessRecordInvalid, WitnessRecordMissing */
  read(): Promise<WitnessRecord>;
  /**
   * Asks for a change. Resolves with the record as it then stands; a change this caller (`by`) already made counts
   * as made. @throws WitnessRefused when the record does not allow it; WitnessUnreachable when nobody answered
   * (the change may or may not have been made: read before asking again).
   */
  change(change: WitnessChange): Promise<WitnessRecord>;
  /** Writes the very first record unless one exists. Resolves with the record that stands. */
  create(first: WitnessRecord): Promise<WitnessRecord>;
}
