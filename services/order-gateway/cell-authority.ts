import type { Epoch } from "@castle/regions/epoch.ts";
import type { EngineClient } from "@castle/services/kernel/engine-line/engine-client.ts";
import type { EngineStatus } from "@castle/services/kernel/engine-line/messages.ts";
import type { Check } from "@castle/services/kernel/health/internal-server.ts";

/** What this cell may do now, as its engine says: a gateway knows nothing of that by itself. */
export class CellAuthority {
  readonly #engine: EngineClient;
  #active = false;

  /** @param onStandby called when this cell is not active any more: clients are to go where the active one is */
  constructor(engine: EngineClient, onStandby: () => void) {
    this.#engine = engine;
    engine.on("status", () => {
      const active = engine.status.leading;
      if (this.#active && !active) onStandby();
      this.#active = active;
    });
  }

  /** null while no engine leads in this cell, or none has confirmed its epoch lately: such a cell tells nothing. */
  get epoch(): Epoch | null {
    const { status } = this.#engine;
    return status.leading && status.confirmed ? status.epoch : null;
  }

  /** For /healthz/active: green only where the epoch is held, confirmed, and at least cancels are taken. */
  check(): Check {
    const { status } = this.#engine;
    return { ok: isAccepting(status), detail: detailOf(status) };
  }
}

const isAccepting = (status: EngineStatus): boolean =>
  status.leading && status.confirmed && status.gate !== "closed";

const detailOf = (status: EngineStatus): Record<string, unknown> =>
  status.leading
    ? { role: "active", ...status.detail, gate: status.gate, generation: status.generation }
    : { role: "standby", because: status.because };
