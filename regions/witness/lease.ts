import { Duration } from "../duration.ts";

/**
 * How long a cell may act on what the journal or the witness last confirmed to it, on its own monotonic clock. In
 * `solo` no journal fences the cell, so this lease does: an acknowledgement needs a confirmation younger than it, and
 * a handover out of `solo` waits it out after the witness has changed.
 */
export const LEASE = Duration.seconds(2);
