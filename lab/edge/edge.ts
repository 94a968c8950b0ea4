import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { RegionName } from "@castle/regions/catalogue.ts";
import type { ServiceName } from "@castle/services/catalogue.ts";
import { candidates, endpointHealthy, observe, type TargetHealth, untested } from "./health.ts";
import {
  defaultSettings,
  type EdgePlan,
  type EdgeTarget,
  type EdgeView,
  type GroupSettings,
} from "./plan.ts";
import { HealthProbe } from "./probe.ts";
import { type EndpointGroup, pick, route, type Share } from "./rules.ts";

interface Target extends EdgeTarget {
  health: TargetHealth;
  readonly probe: HealthProbe;
}

/** The accelerator with its regions' load balancers: TCP in, TCP out, by the rules of rules.ts and health.ts. */
export class Edge {
  readonly #plan: EdgePlan;
  #targets: readonly Target[];
  readonly #settings = new Map<RegionName, GroupSettings>();
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  /** In a black hole: not even their end reaches the other side. */
  readonly #swallowed = new WeakSet<Socket>();
  readonly #changed: (view: EdgeView) => void;
  #shares: readonly Share[] = [];
  #turn = 0;

  constructor(plan: EdgePlan, changed: (view: EdgeView) => void = () => undefined) {
    this.#plan = plan;
    this.#changed = changed;
    this.#targets = plan.targets.map((target) => this.#target(target, untested));
    this.#decide();
  }

  /** @throws Error that names a port which cannot be had */
  async open(): Promise<void> {
    for (const { service, port } of this.#plan.listeners) {
      const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) =>
        this.#lead(client, service),
      );
      server.listen({ port, host: "127.0.0.1" });
      this.#servers.push(server);
      await once(server, "listening").catch((error: unknown) => {
        throw new Error(`the edge's port ${port} for ${service} cannot be had`, { cause: error });
      });
    }
    for (const { probe } of this.#targets) probe.start();
  }

  /** For new connections, as the accelerator does it; established ones stay where they are. */
  set(region: RegionName, settings: GroupSettings): void {
    this.#settings.set(region, settings);
    this.#decide();
    this.#changed(this.view());
  }

  /**
   * Registers a region's targets anew: one that is new gets connections once it has shown to be healthy, one that is gone
   * gets no new ones, and those that it has stay where they are.
   */
  setTargets(region: RegionName, targets: readonly EdgeTarget[]): void {
    const others = this.#targets.filter((target) => target.region !== region);
    const known = this.#targets.filter((target) => target.region === region);
    const registered = targets.map((target) => {
      const same = known.find((one) => one.instance === target.instance && one.port === target.port);
      if (same) return same;
      // An endpoint does not become untested by a further target of it.
      const added = this.#target(target, { ...untested, tested: true });
      added.probe.start();
      return added;
    });
    for (const target of known) if (!registered.includes(target)) target.probe.stop();
    this.#targets = [...others, ...registered];
    this.#decide();
    this.#changed(this.view());
  }

  /** What is connected now stays so at both ends, and carries nothing any more; new connections are as good as ever. */
  swallow(): void {
    for (const socket of this.#sockets) {
      socket.unpipe();
      socket.pause();
      this.#swallowed.add(socket);
    }
  }

  view(): EdgeView {
    return {
      groups: this.#groups().map(({ region, endpoint }) => {
        const targets = this.#targets.filter((target) => target.region === region);
        const tested = targets.every(({ health }) => health.tested);
        return {
          ...{ region, ...this.#setting(region) },
          health: endpoint.healthy ? "healthy" : tested ? "unhealthy" : "initial",
          targets: targets.map(({ instance, health }) => ({ instance, healthy: health.healthy })),
        };
      }),
    };
  }

  async close(): Promise<void> {
    for (const { probe } of this.#targets) probe.stop();
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  #target(target: EdgeTarget, health: TargetHealth): Target {
    const probe = new HealthProbe(target, this.#plan.intervalMs, (passed) => this.#observe(made, passed));
    const made: Target = { ...target, health, probe };
    return made;
  }

  #observe(target: Target, passed: boolean): void {
    const before = target.health;
    target.health = observe(before, passed);
    if (target.health.healthy === before.healthy && target.health.tested === before.tested) return;
    this.#decide();
    this.#changed(this.view());
  }

  #groups(): EndpointGroup[] {
    const services = [...new Set(this.#plan.listeners.map(({ service }) => service))];
    return this.#plan.nearestFirst.map((region) => {
      const { dial, weight } = this.#setting(region);
      const targetGroups = services.map((service) =>
        this.#behind(region, service).map(({ health }) => health),
      );
      return { region, dial, endpoint: { weight: weight ?? 0, healthy: endpointHealthy(targetGroups) } };
    });
  }

  #setting(region: RegionName): GroupSettings {
    return this.#settings.get(region) ?? defaultSettings;
  }

  #decide(): void {
    this.#shares = route(this.#groups());
  }

  #behind(region: RegionName, service: ServiceName): Target[] {
    return this.#targets.filter((target) => target.region === region && target.service === service);
  }

  #lead(client: Socket, service: ServiceName): void {
    const region = pick(this.#shares, Math.random());
    const choice = region === null ? [] : candidates(this.#behind(region, service));
    const target = choice[this.#turn++ % choice.length];
    if (!target) {
      client.resetAndDestroy();
      return;
    }
    const server = connect({ port: target.port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    this.#join(client, server);
    this.#join(server, client);
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.pipe(to);
    from.on("error", () => undefined); // "close" follows
    from.once("close", () => {
      this.#sockets.delete(from);
      if (this.#swallowed.has(from)) return;
      // A connection that broke off at one end breaks off at the other; one that was ended has been ended there by pipe.
      if (!from.readableEnded || !from.writableFinished) to.resetAndDestroy();
    });
  }
}
