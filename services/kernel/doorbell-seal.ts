import { createHmac, timingSafeEqual } from "node:crypto";
import type { StreamId } from "./domain/command.ts";
import type { Doorbell } from "./domain/outcome.ts";

/**
 * Shows that a gateway of this Castle rang: the mark that a doorbell tells is the journal's, and what may be applied,
 * and so told to traders, is decided by it. Whoever can write to Redis can put anything into a queue; past the journal's
 * mark an engine would tell of what a failover may undo. To hand engines the mark through the database instead would
 * cost a write for every ring.
 *
 * It binds the stream and the epoch too. One that is rung again later tells of a mark that was reached long ago.
 */
export class DoorbellSeal {
  readonly #key: Buffer;

  /** @param sealKey the cell's; a key of its own is derived from it. */
  constructor(sealKey: Buffer) {
    this.#key = createHmac("sha256", sealKey).update("castle.doorbell").digest();
  }

  sealed(stream: StreamId, { epoch, upTo }: Omit<Doorbell, "seal">): Doorbell {
    return { epoch, upTo, seal: this.#of(stream, { epoch, upTo }).toString("base64url") };
  }

  holds(stream: StreamId, doorbell: Doorbell): boolean {
    if (typeof doorbell.seal !== "string") return false;
    const [given, own] = [Buffer.from(doorbell.seal, "base64url"), this.#of(stream, doorbell)];
    return given.length === own.length && timingSafeEqual(given, own);
  }

  #of(stream: StreamId, { epoch, upTo }: Omit<Doorbell, "seal">): Buffer {
    return createHmac("sha256", this.#key).update(`${stream} ${epoch} ${upTo}`).digest();
  }
}
