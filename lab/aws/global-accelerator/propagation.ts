import type { RegionName } from "@castle/regions/catalogue.ts";
import type { EndpointGroup, EndpointGroupChange } from "../cells.ts";
import type { ServiceParts } from "../service.ts";

interface Accepted {
  readonly region: RegionName;
  readonly change: EndpointGroupChange;
}

/**
 * Changes on their way from the accelerator's control plane to the edge. A change that was accepted is told at once; the
 * edge follows it when it has arrived.
 */
export class Propagation {
  readonly #parts: Pick<ServiceParts, "cells" | "observe" | "pace">;
  /** Told and not yet in force, in the order in which they were accepted. */
  readonly #underWay: Accepted[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(parts: Pick<ServiceParts, "cells" | "observe" | "pace">) {
    this.#parts = parts;
  }

  /** Whether the edge has yet to follow a change. */
  get isUnderWay(): boolean {
    return this.#underWay.length > 0;
  }

  /** With AWS's timing it resolves at once, else when the edge follows. @throws Error when the edge did not take it */
  async accept(region: RegionName, change: EndpointGroupChange): Promise<void> {
    const { observe, pace } = this.#parts;
    const accepted = { region, change };
    this.#underWay.push(accepted);
    const arrived = this.#carryOut(accepted);
    if (pace.timing === "instant") return arrived;
    arrived.then(
      () => observe({ kind: "change-ended", change: "endpoint-group-update", to: region, failure: null }),
      (cause: unknown) =>
        observe({
          ...{ kind: "change-ended", change: "endpoint-group-update", to: region },
          failure: cause instanceof Error ? cause.message : String(cause),
        }),
    );
  }

  /** The group as it was last asked for, whatever of it the edge follows by now. */
  asked(group: EndpointGroup): EndpointGroup {
    const changes = this.#underWay.filter(({ region }) => region === group.region);
    return Object.assign({ ...group }, ...changes.map(({ change }) => change));
  }

  async #carryOut(accepted: Accepted): Promise<void> {
    const { cells, pace } = this.#parts;
    const due = pace.take("UpdateEndpointGroup");
    due.catch(() => undefined); // it may be given up while an earlier change is still waited for
    // One after the other, so that of two changes the later one stands in the end.
    const mine = this.#last
      .then(() => due)
      .then(() => cells.updateEndpointGroup(accepted.region, accepted.change));
    this.#last = mine.catch(() => undefined);
    try {
      await mine;
    } finally {
      this.#underWay.splice(this.#underWay.indexOf(accepted), 1);
    }
  }
}
