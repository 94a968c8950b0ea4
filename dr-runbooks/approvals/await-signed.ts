import { type Duration, milliseconds, seconds } from "@castle/regions/duration.ts";
import { reason } from "../cells/reachable.ts";
import type { Agreement, Approver, Asked, Asking } from "../engine/approval.ts";
import { pause } from "../engine/poll.ts";
import type { Target } from "../target.ts";
import type { ApprovalPlace, FiledApproval } from "./place.ts";
import { judgeFile } from "./signed-file.ts";

/** A place that does not answer is asked half as often each time, and never less often than this. */
const SELDOM: Duration = seconds(15);

/**
 * Waits, in all the places at once, for a file that one of the target's approvers signed; one that does not count is
 * refused once, with the reason, and waited on. Nobody is asked so where the target lists no approver.
 * @param onTrouble told when a place cannot be looked at: the others are, and this one is tried again.
 */
export function awaitSigned(
  places: readonly ApprovalPlace[],
  { approvers = [] }: Pick<Target, "approvers">,
  onTrouble: (what: string) => void = () => undefined,
): Approver {
  return (asked, asking) => {
    if (approvers.length === 0) return null;
    const desk = new Desk(asked, asking, approvers);
    return Promise.race(places.map((place) => watch(place, desk, asking.signal, onTrouble)));
  };
}

async function watch(
  place: ApprovalPlace,
  desk: Desk,
  signal: AbortSignal,
  onTrouble: (what: string) => void,
): Promise<Agreement> {
  for (let wait = place.lookEvery; ; ) {
    try {
      for (const file of await place.list(desk.execution, signal)) {
        const agreed = await desk.look(file);
        if (agreed) return agreed;
      }
      wait = place.lookEvery;
    } catch (error) {
      signal.throwIfAborted();
      if (wait === place.lookEvery)
        onTrouble(`approvals cannot be looked for in ${place.name}, and it is tried again: ${reason(error)}`);
      wait = milliseconds(Math.min(wait.ms * 2, SELDOM.ms));
    }
    await pause(wait, signal);
  }
}

/** Where what was found lands, from wherever: a file that is put in two places is looked at once. */
class Desk {
  readonly #asked: Asked;
  readonly #asking: Asking;
  readonly #approvers: NonNullable<Target["approvers"]>;
  readonly #looked: Set<string>;

  constructor(asked: Asked, asking: Asking, approvers: NonNullable<Target["approvers"]>) {
    this.#asked = asked;
    this.#asking = asking;
    this.#approvers = approvers;
    this.#looked = new Set(asking.known);
  }

  get execution(): string {
    return this.#asked.execution;
  }

  /** @returns null of what was looked at before, or does not count. */
  async look({ name, text }: FiledApproval): Promise<Agreement | null> {
    if (this.#looked.has(name)) return null;
    const found = await text();
    // Meanwhile it may have been found elsewhere.
    if (this.#looked.has(name)) return null;
    this.#looked.add(name);
    const judged =
      found === null
        ? "it cannot be read"
        : judgeFile(found, this.#asked, this.#asking, this.#approvers, Date.now());
    if (typeof judged !== "string") return { ...judged, file: name };
    await this.#asking.refuse({ how: "file", because: judged, file: name });
    return null;
  }
}
