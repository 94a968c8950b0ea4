import { EventEmitter } from "node:events";
import type { CellConfig } from "../config.ts";
import { dial } from "../line/dial.ts";
import type { Line } from "../line/line.ts";
import type { Logger } from "../log.ts";
import type { Lead, RoleWatch } from "../role/role-watch.ts";
import type { EngineStatus, FromEngine, ToEngine } from "./messages.ts";

export interface EngineClientOptions {
  readonly config: CellConfig;
  readonly roles: RoleWatch;
  readonly log: Logger;
}

/** The engine decides in batches anyway: what arrives meanwhile goes there in one write, which is most of what it costs. */
const GATHER_MS = 3;
const RETRY_AFTER_MS = 100;
const CONNECT_WITHIN_MS = 2_000;
/** A status older than this counts for nothing: it is sent four times a second. */
const STATUS_HOLDS_MS = 1_000;

/**
 * A service's line to the engine that leads its cell, wherever that is: follows the role row, and dials anew when the
 * line ends or another engine takes over. Emits `message` for everything the engine says but its status, `open` when a
 * line is there, `closed` when it is gone with all that was under way on it, and `status` when where it stands has changed.
 */
export class EngineClient extends EventEmitter<{
  message: [message: FromEngine];
  open: [];
  closed: [because: string];
  status: [];
}> {
  readonly #options: EngineClientOptions;
  #line: Line | null = null;
  #generation: number | null = null;
  #dialling = false;
  #status: EngineStatus = { leading: false, because: "no line to an engine yet" };
  #statusAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(options: EngineClientOptions) {
    super();
    this.#options = options;
    options.roles.on("change", () => this.#follow());
    this.#follow();
  }

  /** Where the engine stands, as it said last; no longer than it keeps saying so. */
  get status(): EngineStatus {
    if (!this.#line) return { leading: false, because: this.#describeAbsence() };
    if (performance.now() - this.#statusAt > STATUS_HOLDS_MS)
      return { leading: false, because: `the engine has not said where it stands for ${STATUS_HOLDS_MS} ms` };
    return this.#status;
  }

  /** Whether there is a line: what is sent on none is lost. */
  get isOpen(): boolean {
    return this.#line !== null;
  }

  send(message: ToEngine): void {
    this.#line?.send(JSON.stringify(message));
  }

  close(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#line?.close("this service stops");
  }

  #lead(): Lead | null {
    const { current } = this.#options.roles;
    if (current.role !== "active" || current.lead?.epoch !== current.epoch) return null;
    return current.lead;
  }

  #describeAbsence(): string {
    const { current } = this.#options.roles;
    if (current.role === "standby") return current.because;
    return this.#lead() ? "no line to the engine that leads" : "no engine leads yet";
  }

  #follow(): void {
    const lead = this.#lead();
    if (this.#line && this.#generation !== (lead?.generation ?? null))
      this.#line.close(lead ? "another engine leads" : "the cell is not active");
    if (lead && !this.#line && !this.#dialling && !this.#stopped) void this.#dial(lead);
  }

  async #dial({ address, generation, instance }: Lead): Promise<void> {
    const { config, log } = this.#options;
    this.#dialling = true;
    let closed: string | null = null;
    try {
      const line = await dial(address, {
        sealKey: config.sealKey,
        identity: { service: config.service, instance: config.instance },
        connectWithinMs: CONNECT_WITHIN_MS,
        limits: { gatherMs: GATHER_MS },
        handlers: {
          onMessage: (message) => this.#received(message),
          onClose: (because) => {
            closed = because;
            this.#ended(because);
          },
        },
      });
      if (closed === null && !this.#stopped) {
        this.#line = line;
        this.#generation = generation;
        log.info({ instance, address, generation }, "a line to the engine");
        this.emit("open");
      } else line.close("too late");
    } catch (error) {
      log.debug({ err: error, address }, "no line to the engine yet");
    } finally {
      this.#dialling = false;
    }
    if (!this.#line) this.#later();
    else this.#follow();
  }

  #received(text: string): void {
    const message = JSON.parse(text) as FromEngine;
    if (message.type !== "status") {
      this.emit("message", message);
      return;
    }
    const before = JSON.stringify(summary(this.status));
    this.#status = message.status;
    this.#statusAt = performance.now();
    if (JSON.stringify(summary(this.status)) !== before) this.emit("status");
  }

  #ended(because: string): void {
    if (!this.#line) return;
    this.#line = null;
    this.#generation = null;
    this.#statusAt = Number.NEGATIVE_INFINITY;
    if (!this.#stopped) this.#options.log.warn({ because }, "the line to the engine ended");
    this.emit("closed", because);
    this.emit("status");
    this.#later();
  }

  #later(): void {
    if (this.#stopped || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#follow();
    }, RETRY_AFTER_MS);
  }
}

/** What a change of it matters to somebody. */
const summary = (status: EngineStatus): unknown =>
  status.leading
    ? [status.epoch, status.generation, status.gate, status.durability, status.confirmed]
    : status.leading;
