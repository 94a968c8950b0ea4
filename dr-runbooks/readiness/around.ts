import { setTimeout as sleep } from "node:timers/promises";
import { HeardCalls } from "@castle/regions/calls/heard.ts";
import { type Duration, seconds } from "@castle/regions/duration.ts";
import type { Unreachable } from "../cells/reachable.ts";
import type { EventOf } from "../engine/event.ts";
import type { Target } from "../target.ts";
import { allChecks } from "./all-checks.ts";
import { evidence } from "./checks/evidence.ts";
import { executions } from "./checks/executions.ts";
import { connectTo } from "./connections.ts";
import { lookAtReadiness, type Readiness } from "./readiness.ts";

type Looked = EventOf<"looked">;

/** A handover is its own unfinished execution, and its own record is still being copied. */
const checks = allChecks.filter((check) => check !== executions && check !== evidence);

/** How long a look may take that somebody waits for: what a lost region leaves unanswered is not worth more. */
const PATIENCE: Record<Target["kind"], Duration> = { lab: seconds(2), aws: seconds(5) };

/**
 * How ready the peer is right before a handover. Begun as early as somebody thinks of one, since an emergency waits for
 * no look: what has not been seen when its first step begins is told as unknown.
 */
export class LookBefore {
  /** Hears of the look's calls; and of the handover's, so that all of them stand in its record. */
  readonly calls = new HeardCalls();
  readonly #looking: Promise<Readiness>;
  readonly #givesUp = Promise.withResolvers<Unreachable>();
  readonly #patience: Duration;

  constructor(target: Target) {
    this.#patience = PATIENCE[target.kind];
    const connections = connectTo(target);
    this.#looking = this.calls
      .during(null, () => lookAtReadiness(connections, checks, this.#givesUp.promise))
      .finally(() => void connections.close());
  }

  /** What has been seen by now; with `patiently`, after waiting a little for what is still on its way. */
  async seen({ patiently }: { readonly patiently: boolean }): Promise<Looked> {
    if (patiently) await Promise.race([this.#looking, sleep(this.#patience.ms, undefined, { ref: false })]);
    this.giveUp();
    return lookedOf("before", await this.#looking);
  }

  /** Ends it: nobody wants to know any more. */
  giveUp(): void {
    this.#givesUp.resolve({ unreachable: "not seen before the handover began" });
  }
}

/** How ready the peer is right behind a handover: looked for a few seconds at most. */
export async function lookAfter(target: Target): Promise<Looked> {
  const connections = connectTo(target);
  const patience = PATIENCE[target.kind];
  const stop = new AbortController();
  const givesUp = sleep(
    patience.ms,
    { unreachable: `no answer within ${patience}` },
    { signal: stop.signal },
  );
  givesUp.catch(() => undefined);
  try {
    return lookedOf("after", await lookAtReadiness(connections, checks, givesUp));
  } finally {
    stop.abort();
    void connections.close();
  }
}

/** What the record keeps of a look. */
export function lookedOf(
  when: Looked["when"],
  { at, ms, ready, checks: told, estimate, exposure }: Readiness,
): Looked {
  const { detectionSeconds, recoverySeconds } = estimate;
  return {
    kind: "looked",
    ...{ at: Date.now(), when, lookedAt: at, ms, ready },
    checks: told.map(({ name, severity, outcome, found, wanted }) => ({
      ...{ name, severity, outcome, found, wanted },
    })),
    estimate: { detectionSeconds, recoverySeconds },
    exposure: { commands: exposure.commands, told: exposure.told },
  };
}
