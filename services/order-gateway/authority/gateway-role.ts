import type { Epoch } from "@castle/regions/epoch.ts";
import type { Check } from "@castle/services/kernel/health/internal-server.ts";
import type { RoleView, RoleWatch } from "@castle/services/kernel/role/role-watch.ts";
import { Reign, type ReignOptions } from "./reign.ts";

export interface GatewayRoleOptions extends Omit<ReignOptions, "epoch" | "row" | "ring" | "onDeposed"> {
  readonly roles: RoleWatch;
  readonly ring: (stream: string, epoch: Epoch, upTo: number) => void;
  /** A reign begins. */
  readonly onActive: () => void;
  /** This gateway is no longer active: close what clients hold open, so that they go where the active cell is. */
  readonly onStandby: () => void;
}

/**
 * Follows the cell's role and keeps the one {@link Reign} that goes with it. What deposed a gateway once keeps it down
 * until a later epoch names this region, whatever the role row still says.
 */
export class GatewayRole {
  readonly #options: GatewayRoleOptions;
  #reign: Reign | null = null;
  #deposed: { readonly epoch: Epoch; readonly because: string } | null = null;

  constructor(options: GatewayRoleOptions) {
    this.#options = options;
    options.roles.on("change", (next) => this.#follow(next));
    this.#follow(options.roles.current);
  }

  get reign(): Reign | null {
    return this.#reign;
  }

  /** For /healthz/active: green only where the epoch is held, confirmed, and at least cancels are taken. */
  check(): Check {
    const reign = this.#reign;
    if (reign) return { ok: reign.gate !== "closed", detail: { role: "active", ...reign.describe() } };
    const view = this.#options.roles.current;
    const because = this.#deposed?.because ?? (view.role === "standby" ? view.because : "starting");
    return { ok: false, detail: { role: "standby", epoch: view.epoch, because } };
  }

  async stop(): Promise<void> {
    await this.#reign?.stop();
  }

  #follow(view: RoleView): void {
    if (view.role === "standby") {
      this.#end(view.because);
      return;
    }
    if (this.#deposed && view.epoch <= this.#deposed.epoch) return;
    if (this.#reign?.epoch === view.epoch) return;
    this.#end(`epoch ${view.epoch} has begun`);
    this.#begin(view.epoch);
  }

  #begin(epoch: Epoch): void {
    const { roles, log, ring } = this.#options;
    log.info({ epoch }, "active");
    this.#deposed = null;
    this.#reign = new Reign({
      ...this.#options,
      epoch,
      row: () => {
        const view = roles.current;
        if (view.role === "active" && view.epoch === epoch) return view;
        return { gate: "closed", durability: "paired" };
      },
      ring: (stream, upTo) => ring(stream, epoch, upTo),
      onDeposed: (because) => {
        this.#deposed = { epoch, because };
        if (this.#reign?.epoch === epoch) this.#end(because);
        void roles.look();
      },
    });
    this.#reign.start();
    this.#options.onActive();
  }

  #end(because: string): void {
    const reign = this.#reign;
    if (!reign) return;
    this.#reign = null;
    this.#options.log.warn({ epoch: reign.epoch, because }, "standby");
    this.#options.onStandby();
    void reign.stop();
  }
}
