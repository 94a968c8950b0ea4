import { type Duration, milliseconds, seconds } from "@castle/regions/duration.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import {
  CLAIM_LEASE,
  CLAIM_MARGIN,
  CLAIM_RENEWED_EVERY,
  type ExecutionClaim,
  isVoid,
} from "@castle/regions/witness/claim.ts";
import type { Claims, FoundClaim } from "@castle/regions/witness/claims.ts";
import { ClaimLost, type Mandate } from "./mandate.ts";
import { pause } from "./poll.ts";

/** The lease's times; a test shortens them. */
export interface LeaseTimes {
  readonly lease: Duration;
  readonly margin: Duration;
  readonly renewedEvery: Duration;
  /** How long a runner whose lease ran out asks a silent witness before it stops. */
  readonly patience: Duration;
}

export const leaseTimes: LeaseTimes = {
  lease: CLAIM_LEASE,
  margin: CLAIM_MARGIN,
  renewedEvery: CLAIM_RENEWED_EVERY,
  patience: seconds(30),
};

/** Until a witness that did not answer is asked again by a runner that waits for it. */
const RETRIED_AFTER = milliseconds(100);

/** What the witness is asked while a claim is held. */
export interface ClaimWitness {
  readonly claims: Claims;
  read(): Promise<{ readonly epoch: Epoch }>;
}

/**
 * A claim that this process holds, and renews. Whether it still holds is asked of this process's own clock: a claim not
 * renewed for the lease, less a margin, may be another's by now. That happens when the process was frozen, or the
 * witness silent; then the witness is asked by the same conditional write that renews: it is granted only if nobody
 * claimed anything since, so that nobody can have acted meanwhile. Otherwise the claim is lost, for good.
 *
 * While the witness is silent a step at work is not cut off: what it did, it began within the lease. No other is begun.
 */
export class HeldClaim implements Mandate {
  readonly #witness: ClaimWitness;
  readonly #times: LeaseTimes;
  readonly #lost = new AbortController();
  readonly #ending = new AbortController();
  readonly #renewing: Promise<void>;
  #found: FoundClaim & { readonly claim: ExecutionClaim };
  #confirmed: Moment;
  #asking: Promise<void> | null = null;

  /** @param claimedAt when the write that made it was *sent*. */
  constructor(witness: ClaimWitness, claim: FoundClaim, claimedAt: Moment, times: LeaseTimes) {
    if (!claim.claim) throw new Error("what is held must be a claim");
    this.#witness = witness;
    this.#found = { item: claim.item, claim: claim.claim };
    this.#confirmed = claimedAt;
    this.#times = times;
    this.#renewing = this.#renewNowAndThen();
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async ensure(): Promise<void> {
    const began = momentNow();
    for (;;) {
      this.lost.throwIfAborted();
      if (this.#isCertain()) return;
      await this.#renew();
      if (this.lost.aborted || this.#isCertain()) continue;
      if (since(began) > this.#times.patience.ms)
        this.#lose(`the witness has not confirmed the claim of ${this.#found.claim.execution}`, null);
      await pause(RETRIED_AFTER, this.lost).catch(() => undefined);
    }
  }

  /** Lets it go, so that nobody waits for its lease. It ends by itself where the witness does not answer. */
  async release(): Promise<void> {
    this.#ending.abort();
    await this.#renewing;
    if (this.lost.aborted && this.#wasTaken()) return;
    try {
      const { claims } = this.#witness;
      if (await claims.replace(this.#found, { ...this.#found.claim, released: true })) return;
      const now = await claims.read();
      // Somebody asked for it meanwhile.
      if (now?.claim?.token === this.#found.claim.token)
        await claims.replace(now, { ...now.claim, released: true });
    } catch {
      // Its lease ends by itself.
    }
  }

  #isCertain(): boolean {
    return since(this.#confirmed) < this.#times.lease.ms - this.#times.margin.ms;
  }

  async #renewNowAndThen(): Promise<void> {
    const { signal } = this.#ending;
    const either = AbortSignal.any([signal, this.lost]);
    while (!either.aborted) {
      await pause(this.#times.renewedEvery, either).catch(() => undefined);
      if (!either.aborted) await this.#renew();
    }
  }

  /** Never rejects: a silent witness is asked again later. One renewal at a time. */
  #renew(): Promise<void> {
    this.#asking ??= this.#renewOnce()
      .catch(() => undefined)
      .finally(() => {
        this.#asking = null;
      });
    return this.#asking;
  }

  async #renewOnce(): Promise<void> {
    const { claims } = this.#witness;
    const { claim } = this.#found;
    const sentAt = momentNow();
    const next = { ...claim, leaseUntil: Date.now() + this.#times.lease.ms };
    const [renewed, record] = await Promise.all([
      claims.replace(this.#found, next),
      this.#witness.read().catch(() => null),
    ]);
    if (record && isVoid(claim, record.epoch))
      return this.#lose(`the witness is at epoch ${record.epoch}, past that of ${claim.execution}`, null);
    if (renewed) {
      this.#found = { item: renewed.item, claim: next };
      this.#confirmed = sentAt;
      return;
    }
    this.#learn(await claims.read());
  }

  /** The item is not what was left there: a renewal whose answer got lost, a wish, or another's claim. */
  #learn(now: FoundClaim | null): void {
    const { execution, token } = this.#found.claim;
    if (!now?.claim || now.claim.token !== token) {
      const other = now?.claim ?? null;
      const who = other ? `${other.execution} (${other.holder.user} on ${other.holder.host})` : "nobody";
      this.#lose(`the claim of ${execution} ran out, and ${who} has it now`, other?.execution ?? null);
      return;
    }
    this.#found = { item: now.item, claim: now.claim };
    const { wantedBy } = now.claim;
    if (wantedBy !== null) this.#lose(`${execution} makes room for ${wantedBy}, which asked it to`, wantedBy);
  }

  #wasTaken(): boolean {
    const { to } = this.lost.reason as ClaimLost;
    return to !== null && to !== this.#found.claim.wantedBy;
  }

  #lose(because: string, to: string | null): void {
    this.#lost.abort(new ClaimLost(because, to));
  }
}

/** A moment, by the clock that never jumps and by the one that goes on while the machine sleeps. */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

export const momentNow = (): Moment => ({ monotonic: performance.now(), wall: Date.now() });

/** Milliseconds since then, at least: Linux's monotonic clock stands still in a laptop whose lid is shut. */
const since = ({ monotonic, wall }: Moment): number =>
  Math.max(performance.now() - monotonic, Date.now() - wall);
