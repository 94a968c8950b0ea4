import { EventEmitter } from "node:events";
import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import type { Gate } from "@castle/regions/role.ts";
import type { Witness } from "@castle/regions/witness/witness.ts";
import { WitnessWatch } from "@castle/services/kernel/role/witness-watch.ts";
import type { Logger } from "../kernel/log.ts";
import type { RoleView, RoleWatch } from "../kernel/role/role-watch.ts";

/** Whether this cell may tell traders what happens. */
export type StandingView =
  | { readonly active: true; readonly epoch: Epoch; readonly gate: Gate }
  | { readonly active: false; readonly epoch: Epoch | null; readonly because: string };

/**
 * Joins two witnesses of the cell's role: its own database, and the witness. A cell that is cut off keeps a database
 * that calls it active; as soon as it can hear again that another cell is, it must let its clients go.
 */
export class Standing extends EventEmitter<{ change: [] }> {
  readonly #options: { roles: RoleWatch; witness: Witness; region: RegionName; log: Logger };
  #watch: { readonly epoch: Epoch; readonly witness: WitnessWatch } | null = null;
  #deposed: { readonly epoch: Epoch; readonly because: string } | null = null;

  constructor(options: { roles: RoleWatch; witness: Witness; region: RegionName; log: Logger }) {
    super();
    this.#options = options;
    options.roles.on("change", (next) => this.#follow(next));
    this.#follow(options.roles.current);
  }

  get current(): StandingView {
    const view = this.#options.roles.current;
    if (view.role === "standby") return { active: false, epoch: view.epoch, because: view.because };
    if (this.#deposed?.epoch === view.epoch) return { active: false, ...this.#deposed };
    return { active: true, epoch: view.epoch, gate: view.gate };
  }

  async stop(): Promise<void> {
    this.removeAllListeners();
    await this.#watch?.witness.stop();
  }

  #follow(view: RoleView): void {
    const epoch = view.role === "active" ? view.epoch : null;
    if (epoch !== (this.#watch?.epoch ?? null)) {
      void this.#watch?.witness.stop();
      this.#watch = epoch === null ? null : { epoch, witness: this.#watchWitness(epoch) };
    }
    this.emit("change");
  }

  #watchWitness(epoch: Epoch): WitnessWatch {
    const { witness, region, log } = this.#options;
    const onOther = (because: string): void => {
      if (this.#deposed?.epoch === epoch) return;
      this.#deposed = { epoch, because };
      log.warn({ epoch, because }, "deposed");
      this.emit("change");
    };
    const watch = new WitnessWatch({ witness, epoch, region, log, onOther });
    watch.start();
    return watch;
  }
}
