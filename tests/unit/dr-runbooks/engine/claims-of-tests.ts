import type { ClaimWitness, LeaseTimes } from "@castle/dr-runbooks/engine/held-claim.ts";
import { thisMachine, thisProcess } from "@castle/dr-runbooks/engine/process-identity.ts";
import { Duration, milliseconds } from "@castle/regions/duration.ts";
import { epoch } from "@castle/regions/epoch.ts";
import type { ClaimHolder, ExecutionClaim } from "@castle/regions/witness/claim.ts";
import type { Claims, FoundClaim } from "@castle/regions/witness/claims.ts";
import { WitnessUnreachable } from "@castle/regions/witness/errors.ts";

/** Short, and far apart, so that no slow machine takes one for another. */
export const times: LeaseTimes = {
  lease: milliseconds(300),
  margin: milliseconds(50),
  renewedEvery: milliseconds(20),
  patience: milliseconds(200),
};

/** Never renewed within a test, and soon over for its holder. */
export const neverRenewed: LeaseTimes = { ...times, renewedEvery: Duration.minutes(10) };

export const myself = (): ClaimHolder => ({ ...thisProcess(), user: "sre", machine: thisMachine() });
export const elsewhere: ClaimHolder = {
  ...{ user: "ann", host: "bastion-2", pid: 7, startedTicks: 1, machine: "another machine" },
};

export const claim = (more: Partial<ExecutionClaim> = {}): ExecutionClaim => ({
  ...{ execution: "switchover-2", runbook: "switchover", epoch: epoch(1), begins: epoch(2) },
  ...{ holder: elsewhere, token: "theirs", since: Date.UTC(2026, 10, 27, 3, 4, 5), leaseUntil: 0 },
  ...{ wantedBy: null, released: false, ...more },
});

/** The witness in memory: one claim, replaced on the condition that it is what was read. */
export class WitnessOfTests implements ClaimWitness {
  readonly claims: Claims;
  epoch = 1;
  /** What becomes of the next write; and of everything, while it is silent. */
  fate: "passes" | "answer-lost" | "silent" = "passes";
  #found: FoundClaim | null = null;
  #revision = 0;

  constructor(first: ExecutionClaim | null = null) {
    if (first) this.put(first);
    this.claims = {
      read: async () => this.#answer(() => this.#found),
      replace: async (found, next) => this.#answer(() => this.#replace(found, next)),
    };
  }

  get standing(): ExecutionClaim | null {
    return this.#found?.claim ?? null;
  }

  /** Written by somebody else. With null: by no Castle. */
  put(next: ExecutionClaim | null): FoundClaim {
    this.#revision += 1;
    this.#found = { claim: next, item: { revision: { N: String(this.#revision) } } };
    return this.#found;
  }

  read = async () => this.#answer(() => ({ epoch: epoch(this.epoch) }));

  #replace(found: FoundClaim | null, next: ExecutionClaim): FoundClaim | null {
    if (found?.item.revision?.N !== this.#found?.item.revision?.N) return null;
    const made = this.put(next);
    if (this.fate === "passes") return made;
    this.fate = "passes";
    throw unreachable();
  }

  #answer<Answer>(answer: () => Answer): Answer {
    if (this.fate === "silent") throw unreachable();
    return answer();
  }
}

const unreachable = (): Error =>
  new WitnessUnreachable({ table: "witness", region: "eu-west-3" }, "a test", new Error("silent"));
