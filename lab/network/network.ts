import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { fileURLToPath } from "node:url";
import type { RegionName } from "@castle/regions/catalogue.ts";
import {
  defaultSettings,
  type EdgePlan,
  type EdgeTarget,
  type EdgeView,
  type GroupSettings,
} from "../edge/plan.ts";
import { type LinkChannel, type LinkPath, linkChannels } from "../link/channels.ts";
import { Daemon } from "../processes/daemon.ts";
import type { Host } from "../processes/host.ts";
import { KeepAlive } from "../processes/keep-alive.ts";
import type { NetworkMessage, NetworkOrder, NetworkRequest } from "./protocol.ts";

const entry = fileURLToPath(new URL("main.ts", import.meta.url));

export interface NetworkOptions {
  readonly host: Host;
  readonly paths: readonly LinkPath[];
  readonly roundTripMs: number;
  readonly edge: EdgePlan;
  readonly log: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The link's condition, as last ordered. */
export interface LinkView {
  readonly roundTripMs: number;
  readonly cut: readonly LinkChannel[];
  readonly stalled: readonly LinkChannel[];
}

/**
 * The supervisor's end of the network process (main.ts). It remembers what was ordered, so that a network process that
 * died comes back as it was. Emits `edge` when the edge's view changes, `link` when a channel was cut, healed, …
 */
export class Network extends EventEmitter<{ edge: [view: EdgeView]; link: [view: LinkView] }> {
  readonly daemon: Daemon;
  readonly #options: NetworkOptions;
  readonly #keepAlive: KeepAlive;
  readonly #cut = new Set<LinkChannel>();
  readonly #stalled = new Set<LinkChannel>();
  /** Stalled for one region alone. */
  readonly #stalledFrom = new Map<RegionName, Set<LinkChannel>>();
  /** Round trips of their own, in milliseconds. */
  readonly #slow = new Map<LinkChannel, number>();
  readonly #settings = new Map<RegionName, GroupSettings>();
  #targets: readonly EdgeTarget[];
  readonly #waiting = new Map<number, { done: () => void; failed: (error: Error) => void }>();
  #roundTripMs: number;
  #view: EdgeView = { groups: [] };
  #child: ChildProcess | null = null;
  #nextId = 1;

  constructor(options: NetworkOptions) {
    super();
    this.#options = options;
    this.#roundTripMs = options.roundTripMs;
    this.#targets = options.edge.targets;
    this.daemon = new Daemon({
      name: "network",
      launch: () => this.#launch(),
      ready: () => this.#open(),
      stopSignal: "SIGTERM",
      stopWithinMs: 2_000,
      log: options.log,
    });
    this.#keepAlive = new KeepAlive({ daemon: this.daemon, revive: () => this.daemon.start() });
  }

  /** Starts it and keeps it running from now on. */
  async start(): Promise<void> {
    await this.daemon.start();
    this.#keepAlive.want();
  }

  /** It may end from now on. */
  letGo(): void {
    this.#keepAlive.letGo();
    this.daemon.forbid();
  }

  get link(): LinkView {
    return { roundTripMs: this.#roundTripMs, cut: [...this.#cut], stalled: [...this.#stalled] };
  }

  get edge(): EdgeView {
    return this.#view;
  }

  settings(region: RegionName): GroupSettings {
    return this.#settings.get(region) ?? defaultSettings;
  }

  setRoundTrip(ms: number): Promise<void> {
    if (!Number.isFinite(ms) || ms < 0)
      throw new RangeError(`a round trip takes at least 0 ms, but ${ms} was asked for`);
    this.#roundTripMs = ms;
    return this.#order({ kind: "round-trip", ms });
  }

  /** These channels take longer than the others; null: as long as they. Milliseconds. */
  setRoundTripOf(channels: readonly LinkChannel[], ms: number | null): Promise<void> {
    for (const channel of channels)
      if (ms === null) this.#slow.delete(channel);
      else this.#slow.set(channel, ms);
    return this.#order({ kind: "round-trip", ms: ms ?? this.#roundTripMs, channels });
  }

  /** Breaks every connection of these channels, and refuses new ones. */
  cut(channels: readonly LinkChannel[] = linkChannels): Promise<void> {
    for (const channel of channels) this.#cut.add(channel);
    return this.#orderLink({ kind: "cut", channels });
  }

  heal(channels: readonly LinkChannel[] = linkChannels): Promise<void> {
    for (const channel of channels) this.#cut.delete(channel);
    return this.#orderLink({ kind: "heal", channels });
  }

  /** Holds back everything on these channels without telling anyone. */
  stall(channels: readonly LinkChannel[]): Promise<void> {
    for (const channel of channels) this.#stalled.add(channel);
    return this.#orderLink({ kind: "stall", channels });
  }

  resume(channels: readonly LinkChannel[]): Promise<void> {
    for (const channel of channels) this.#stalled.delete(channel);
    return this.#orderLink({ kind: "resume", channels });
  }

  /** The same for the ways of one region alone, such as its own to the witness. */
  stallFrom(from: RegionName, channels: readonly LinkChannel[]): Promise<void> {
    this.#stalledFrom.set(from, new Set([...(this.#stalledFrom.get(from) ?? []), ...channels]));
    return this.#orderLink({ kind: "stall", channels, from });
  }

  resumeFrom(from: RegionName, channels: readonly LinkChannel[]): Promise<void> {
    for (const channel of channels) this.#stalledFrom.get(from)?.delete(channel);
    return this.#orderLink({ kind: "resume", channels, from });
  }

  /** Every connection to the edge goes into a black hole: open at both ends, and nothing passes. New ones are well. */
  swallowConnections(): Promise<void> {
    return this.#order({ kind: "edge-black-hole" });
  }

  setGroup(region: RegionName, settings: GroupSettings): Promise<void> {
    this.#settings.set(region, settings);
    return this.#order({ kind: "edge", region, settings });
  }

  /** These and no others are the region's targets from now on. */
  setTargets(region: RegionName, targets: readonly EdgeTarget[]): Promise<void> {
    this.#targets = [...this.#targets.filter((target) => target.region !== region), ...targets];
    return this.#order({ kind: "edge-targets", region, targets });
  }

  async #orderLink(order: NetworkOrder): Promise<void> {
    await this.#order(order);
    this.emit("link", this.link);
  }

  #launch(): ChildProcess {
    const { host, log, env } = this.#options;
    const child = host.spawn({
      command: process.execPath,
      args: [entry],
      ipc: true,
      log,
      ...(env ? { env } : {}),
    });
    child.on("message", (message: NetworkMessage) => this.#hear(message));
    child.once("exit", () => {
      for (const { failed } of this.#waiting.values())
        failed(new Error(`the network process ended; see ${log}`));
      this.#waiting.clear();
    });
    this.#child = child;
    return child;
  }

  async #open(): Promise<void> {
    const { paths } = this.#options;
    const edge = { ...this.#options.edge, targets: this.#targets };
    await this.#order({ kind: "open", paths, edge, roundTripMs: this.#roundTripMs });
    await this.#order({ kind: "cut", channels: [...this.#cut] });
    await this.#order({ kind: "stall", channels: [...this.#stalled] });
    for (const [from, channels] of this.#stalledFrom)
      await this.#order({ kind: "stall", channels: [...channels], from });
    for (const [channel, ms] of this.#slow)
      await this.#order({ kind: "round-trip", ms, channels: [channel] });
    for (const [region, settings] of this.#settings) await this.#order({ kind: "edge", region, settings });
  }

  #order(order: NetworkOrder): Promise<void> {
    const request: NetworkRequest = { id: this.#nextId++, order };
    return new Promise((done, failed) => {
      if (!this.#child?.connected) {
        failed(new Error(`the network process does not run; see ${this.#options.log}`));
        return;
      }
      this.#waiting.set(request.id, { done, failed });
      this.#child.send(request);
    });
  }

  #hear(message: NetworkMessage): void {
    if (message.kind === "edge") {
      this.#view = message.view;
      this.emit("edge", message.view);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error === undefined) waiting?.done();
    else waiting?.failed(new Error(message.error));
  }
}
