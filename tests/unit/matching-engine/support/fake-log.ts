import type { Gate, Mode } from "@castle/regions/role.ts";
import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import type { LogWriter } from "@castle/services/matching-engine/sequencing/log-writer.ts";

/** A batch on its way into the log, which a test answers. */
export interface Written {
  readonly commands: readonly AcceptedCommand[];
  readonly gate: Gate;
  readonly commit: (durability?: Mode) => void;
  readonly refuse: (error: Error) => void;
}

/** A log that a test plays: each batch waits for its answer. */
export class FakeLog {
  readonly batches: Written[] = [];

  /** As a sequencer takes it. */
  get writer(): LogWriter {
    return this as unknown as LogWriter;
  }

  write(commands: readonly AcceptedCommand[], gate: Gate): Promise<Mode> {
    return new Promise((resolve, reject) => {
      const commit = (durability: Mode = "paired"): void => resolve(durability);
      this.batches.push({ commands, gate, commit, refuse: reject });
    });
  }
}

/** As PostgreSQL refuses. */
export const sqlError = (code: string): Error => Object.assign(new Error(`refused with ${code}`), { code });
