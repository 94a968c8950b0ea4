import type { CellConfig } from "../../kernel/config.ts";
import { dial } from "../../kernel/line/dial.ts";
import type { Line } from "../../kernel/line/line.ts";
import type { Lead } from "../../kernel/role/role-watch.ts";

/**
 * Follows the engine that leads, over a line of its own: its end, or its silence, is the moment to take over. Whether it
 * really ended decides nothing: the generation does.
 */
export class LeaderWatch {
  readonly generation: number;
  #line: Line | null = null;
  #stopped = false;

  /** @param onGone called once, unless it was stopped before */
  constructor(config: CellConfig, lead: Lead, onGone: (because: string) => void) {
    this.generation = lead.generation;
    const gone = (because: string): void => {
      if (this.#stopped) return;
      this.#stopped = true;
      onGone(because);
    };
    dial(lead.address, {
      sealKey: config.sealKey,
      identity: { service: config.service, instance: config.instance },
      handlers: { onMessage: () => undefined, onClose: gone },
    }).then(
      (line) => {
        this.#line = line;
        if (this.#stopped) line.close("the watch is over");
      },
      (error: Error) => gone(error.message),
    );
  }

  stop(): void {
    this.#stopped = true;
    this.#line?.close("the watch is over");
  }
}
