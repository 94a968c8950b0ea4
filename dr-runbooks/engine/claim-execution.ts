import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Duration, milliseconds } from "@castle/regions/duration.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import { type ExecutionClaim, standingOf } from "@castle/regions/witness/claim.ts";
import { type FoundClaim, isSame } from "@castle/regions/witness/claims.ts";
import { WitnessUnreachable } from "@castle/regions/witness/errors.ts";
import {
  type ClaimWitness,
  HeldClaim,
  type LeaseTimes,
  leaseTimes,
  type Moment,
  momentNow,
} from "./held-claim.ts";
import { hasDied, thisMachine, thisProcess } from "./process-identity.ts";
import { tellWho, whoActs } from "./who.ts";

/** Another execution is at work. */
export class ExecutionClaimed extends Error {
  readonly claim: ExecutionClaim;

  constructor(claim: ExecutionClaim) {
    const since = `${new Date(claim.since).toISOString().slice(0, 19).replace("T", " ")} UTC`;
    super(
      `${claim.runbook} ${claim.execution} is at work, begun by ${tellWho(claim.holder)} at ${since}: two never act at once. Wait for it, or have it stopped there with Ctrl-C; should that machine be lost, this command works ${leaseTimes.lease} later`,
    );
    this.name = "ExecutionClaimed";
    this.claim = claim;
  }
}

export interface ClaimRequest {
  readonly execution: string;
  readonly runbook: string;
  /** The witness's epoch, as the execution was planned. */
  readonly epoch: Epoch;
  /** The epoch that it begins; null when it leaves the role where it is. */
  readonly begins: Epoch | null;
}

export interface ClaimOptions {
  readonly times?: LeaseTimes;
  /** Told when another's claim is waited for. */
  readonly onAwaiting?: (what: string) => void;
}

const LOOK_EVERY: Duration = milliseconds(100);
/** As often a write whose answer got lost is looked for and made again. */
const ATTEMPTS = 4;

/**
 * Claims the right to act, of which there is one: no two executions interleave, wherever their operators sit and
 * wherever they keep their records.
 *
 * A claim whose holder is known to have died, or whose epoch is over, is replaced at once. Any other is watched: one
 * that stands unchanged for a lease has nobody behind it and is replaced; one that is seen to be renewed is at work, and
 * the request is refused.
 *
 * A failover outranks whatever is no failover. It can be the one thing that brings trading back, while a switchover or
 * an operation on a cell may wait for minutes for what will never come. So it asks the holder to make room, which does
 * so within a renewal: it stops where it stands, and takes nothing back, for the failover goes on from there. One that
 * does not answer is over when its lease is. A failover never asks another failover: both want the same, and the second
 * operator has to talk to the first.
 * @throws ExecutionClaimed; the witness's errors.
 */
export async function claimExecution(
  witness: ClaimWitness,
  request: ClaimRequest,
  { times = leaseTimes, onAwaiting = () => undefined }: ClaimOptions = {},
): Promise<HeldClaim> {
  const attempt = new Attempt(witness, request, times);
  const watch = new Watch();
  for (;;) {
    const found = await witness.claims.read();
    const mine = attempt.madeOf(found);
    if (mine) return mine;
    const other = found && holdsOff(found, request.epoch) ? found : null;
    if (other) {
      const seen = watch.look(other);
      if (other.claim) {
        if (seen === "first") onAwaiting(awaited(request, other.claim));
        if (outranks(request, other.claim)) await askForRoom(witness, other, other.claim, request.execution);
        else if (seen === "renewed") throw new ExecutionClaimed(other.claim);
      }
      if (watch.unchangedForMs() < times.lease.ms) {
        await sleep(LOOK_EVERY.ms);
        continue;
      }
    }
    const made = await attempt.make(found);
    if (made) return made;
  }
}

const holdsOff = ({ claim }: FoundClaim, now: Epoch): boolean =>
  claim === null || standingOf(claim, now, hasDied) === "held";

const outranks = (request: ClaimRequest, { runbook }: ExecutionClaim): boolean =>
  request.runbook === "failover" && runbook !== "failover";

/** Its holder finds this when it renews, and cannot renew any more. */
async function askForRoom(
  { claims }: ClaimWitness,
  found: FoundClaim,
  claim: ExecutionClaim,
  wantedBy: string,
): Promise<void> {
  if (claim.wantedBy === null) await claims.replace(found, { ...claim, wantedBy });
}

const awaited = (request: ClaimRequest, claim: ExecutionClaim): string => {
  const who = `${claim.runbook} ${claim.execution} of ${tellWho(claim.holder)}`;
  return outranks(request, claim)
    ? `${who} is asked to make room for this ${request.runbook}; for ${leaseTimes.lease} at most`
    : `${who} holds the claim: seeing whether anybody renews it, for ${leaseTimes.lease} at most`;
};

/** Watches a claim on this process's monotonic clock. */
class Watch {
  #found: FoundClaim | null = null;
  #since = 0;

  look(found: FoundClaim): "first" | "unchanged" | "renewed" {
    const before = this.#found;
    if (before && isSame(before, found)) return "unchanged";
    this.#found = found;
    this.#since = performance.now();
    return before && before.claim?.token === found.claim?.token ? "renewed" : "first";
  }

  unchangedForMs(): number {
    return performance.now() - this.#since;
  }
}

/** Writes the claim, also when answers get lost. */
class Attempt {
  readonly #witness: ClaimWitness;
  readonly #times: LeaseTimes;
  readonly #claim: ExecutionClaim;
  #unanswered = 0;
  #sentAt: Moment | null = null;

  constructor(witness: ClaimWitness, { execution, runbook, epoch, begins }: ClaimRequest, times: LeaseTimes) {
    const now = Date.now();
    this.#witness = witness;
    this.#times = times;
    this.#claim = {
      ...{ execution, runbook, epoch, begins },
      holder: { ...thisProcess(), user: whoActs().user, machine: thisMachine() },
      token: randomBytes(8).toString("hex"),
      ...{ since: now, leaseUntil: now + times.lease.ms, wantedBy: null, released: false },
    };
  }

  /** What was found, if it is this claim: its answer got lost. */
  madeOf(found: FoundClaim | null): HeldClaim | null {
    if (!found || !this.#sentAt || found.claim?.token !== this.#claim.token) return null;
    return new HeldClaim(this.#witness, found, this.#sentAt, this.#times);
  }

  /** @returns null when it was not made, or nobody can tell: what stands then has to be looked at. */
  async make(found: FoundClaim | null): Promise<HeldClaim | null> {
    const at = momentNow();
    try {
      const made = await this.#witness.claims.replace(found, this.#claim);
      return made && new HeldClaim(this.#witness, made, at, this.#times);
    } catch (error) {
      this.#sentAt ??= at;
      this.#unanswered += 1;
      if (!(error instanceof WitnessUnreachable) || this.#unanswered === ATTEMPTS) throw error;
      return null;
    }
  }
}
