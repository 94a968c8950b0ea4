import type { RegionName } from "@castle/regions/catalogue.ts";
import { type Service, type ServiceName, services } from "@castle/services/catalogue.ts";
import type { LabProcess } from "../lab-process.ts";
import type { ServiceInstance } from "../layout.ts";
import type { NodeGroup } from "./node-group.ts";
import { nodeWithRoom, roomOf } from "./node-type.ts";
import { Pod } from "./pod.ts";
import type { DeploymentState, NodeState, PodState, Workload } from "./workload.ts";

export interface DeploymentsOptions {
  readonly region: RegionName;
  /** What the cell is born with. */
  readonly instances: readonly ServiceInstance[];
  readonly nodes: NodeGroup;
  /** A further instance of a service, with ports of its own. */
  readonly newInstance: (service: Service, index: number) => Promise<ServiceInstance>;
  readonly process: (instance: ServiceInstance) => LabProcess;
  /** Tells the load balancer whom to lead to from now on; resolves once new connections follow. */
  readonly lead: (instances: readonly ServiceInstance[]) => Promise<void>;
  /** Digest of the image that a service would be started from now. */
  readonly digestOf: (service: Service) => Promise<string>;
  /** Whether the region is up: nothing is started in one that is lost, or stands still. */
  readonly isUp: () => boolean;
  readonly note: (line: string) => void;
}

interface Deployment {
  readonly service: Service;
  readonly createdAt: Date;
  replicas: number;
  generation: number;
  /** Another image than the one of the source, as after a deployment to this region alone. */
  pinned: string | null;
}

/**
 * The services of one cell as a cluster runs them: as many pods of each as are wanted and have room on a node, each a
 * process that is kept alive. One that is not wanted any more gets no new connections, and then ends in good order.
 */
export class Deployments implements Workload {
  readonly nodeGroup: NodeGroup;
  readonly #options: DeploymentsOptions;
  readonly #deployments: readonly Deployment[];
  readonly #pods: Pod[] = [];
  /** Every instance there ever was: a port is taken once. */
  readonly #instances = new Map<string, ServiceInstance>();
  readonly #ending = new WeakSet<Pod>();
  #begun = false;
  #settling: Promise<void> = Promise.resolve();
  /** Whom the load balancer leads to, as it was last told. */
  #led: string;

  constructor(options: DeploymentsOptions) {
    this.#options = options;
    this.nodeGroup = options.nodes;
    const createdAt = new Date();
    this.#deployments = services.map((service) => ({
      ...{ service, createdAt, generation: 1, pinned: null },
      replicas: options.instances.filter((instance) => instance.service === service).length,
    }));
    for (const instance of options.instances) this.#add(instance);
    this.#led = this.#namesPlaced();
    options.nodes.on("resized", () => this.settle());
  }

  /** Of every pod, also of those that are ending. */
  get processes(): readonly LabProcess[] {
    return this.#pods.map(({ process }) => process);
  }

  /** The service's instances that are wanted and have a place. */
  instancesOf(service: ServiceName): readonly ServiceInstance[] {
    return this.#placed()
      .filter(({ instance }) => instance.service.name === service)
      .map(({ instance }) => instance);
  }

  /** Starts what is wanted, once its servers are there. Resolves when all of it answers. */
  async start(): Promise<void> {
    this.#begun = true;
    const down = this.#placed().filter(({ process }) => process.pid === null);
    await Promise.all(down.map((pod) => this.#start(pod)));
    this.settle();
  }

  scale(service: ServiceName, replicas: number): void {
    const deployment = this.#deployment(service);
    if (deployment.replicas === replicas) return;
    this.#note(`${service} is scaled from ${deployment.replicas} to ${replicas}`);
    deployment.replicas = replicas;
    deployment.generation += 1;
    this.settle();
  }

  /** New pods of the service are started from this image; null: from the source's again. */
  pin(service: ServiceName, digest: string | null): void {
    this.#deployment(service).pinned = digest;
  }

  /** Brings what runs to what is wanted: after a change of either, and when the region runs again. */
  settle(): void {
    this.#settling = this.#settling
      .then(() => this.#settle())
      .catch((error: unknown) => this.#note(`deployments did not settle: ${String(error)}`));
  }

  async deployments(): Promise<readonly DeploymentState[]> {
    return Promise.all(
      this.#deployments.map(async (deployment) => {
        const { service, replicas, generation, createdAt } = deployment;
        return { service, replicas, generation, createdAt, digest: await this.#digest(service.name) };
      }),
    );
  }

  pods(): Promise<readonly PodState[]> {
    const { nodes } = this.#options;
    return Promise.all(
      this.#pods.map((pod) =>
        pod.state((node) => nodes.nameOf(node), this.#digest(pod.instance.service.name)),
      ),
    );
  }

  nodes(): readonly NodeState[] {
    return this.#options.nodes.nodes();
  }

  async #settle(): Promise<void> {
    const { nodes, isUp } = this.#options;
    if (!this.#begun || !isUp()) return;
    const surplus = this.#deployments.flatMap(({ service, replicas }) =>
      this.#wanted(service)
        .toSorted((a, b) => Number(b.isPlaced) - Number(a.isPlaced))
        .slice(replicas),
    );
    const homeless = this.#pods.filter(({ node }) => node !== null && !nodes.has(node));
    for (const pod of new Set([...surplus, ...homeless])) pod.endingSince ??= new Date();
    await this.#create();
    this.#place();

    await this.#lead();
    for (const pod of [...this.#pods]) {
      if (pod.endingSince) this.#end(pod);
      else if (pod.isPlaced && !pod.started && isUp())
        this.#start(pod).catch((error: unknown) => this.#note(`${pod.instance.name}: ${String(error)}`));
    }
  }

  /** As many as are wanted; when the lab's ports are used up, as many as there are ports for. */
  async #create(): Promise<void> {
    try {
      for (const { service, replicas } of this.#deployments)
        for (let count = this.#wanted(service).length; count < replicas; count++)
          this.#add(await this.#free(service));
    } catch (error) {
      this.#note(`no further pod can be had: ${String(error)}`);
    }
  }

  /** Before a process ends, so that nobody is led to it. Without its network process the lab has no traffic to lead. */
  async #lead(): Promise<void> {
    const { lead } = this.#options;
    const names = this.#namesPlaced();
    if (names === this.#led) return;
    try {
      await lead(this.#placed().map(({ instance }) => instance));
    } catch (error) {
      this.#note(`the load balancer was not told of its targets: ${String(error)}`);
    }
    this.#led = names;
  }

  #start(pod: Pod): Promise<void> {
    return pod.start(this.#digest(pod.instance.service.name));
  }

  /** Ends it once, and forgets it when nothing of it runs any more: then its place is free for another. */
  #end(pod: Pod): void {
    if (this.#ending.has(pod)) return;
    this.#ending.add(pod);
    void pod.process
      .end()
      .catch((error: unknown) => this.#note(`${pod.instance.name} did not end: ${String(error)}`))
      .then(() => {
        this.#pods.splice(this.#pods.indexOf(pod), 1);
        this.settle();
      });
  }

  #note(what: string): void {
    this.#options.note(`${this.#options.region}: ${what}`);
  }

  #add(instance: ServiceInstance): void {
    this.#instances.set(instance.name, instance);
    this.#pods.push(new Pod(instance, this.#options.process(instance)));
    this.#place();
  }

  #place(): void {
    for (const pod of this.#pods) {
      if (pod.node !== null || pod.endingSince !== null) continue;
      const placed = this.#options.nodes
        .nodes()
        .map((_, node) => this.#pods.filter((other) => other.node === node).map(asks));
      pod.node = nodeWithRoom(placed, asks(pod));
    }
  }

  /** The instance of the lowest index that no pod is. */
  async #free(service: Service): Promise<ServiceInstance> {
    const taken = new Set(this.#pods.map(({ instance }) => instance.name));
    for (let index = 0; ; index++) {
      const name = `${service.name}-${index}`;
      if (!taken.has(name))
        return this.#instances.get(name) ?? (await this.#options.newInstance(service, index));
    }
  }

  #wanted(service: Service): Pod[] {
    return this.#pods.filter(({ instance, endingSince }) => instance.service === service && !endingSince);
  }

  #namesPlaced(): string {
    return this.#placed()
      .map(({ instance }) => instance.name)
      .join(" ");
  }

  #placed(): Pod[] {
    return this.#pods.filter(({ isPlaced }) => isPlaced);
  }

  async #digest(service: ServiceName): Promise<string> {
    const { pinned, service: of } = this.#deployment(service);
    return pinned ?? this.#options.digestOf(of);
  }

  #deployment(service: ServiceName): Deployment {
    const found = this.#deployments.find((deployment) => deployment.service.name === service);
    if (!found) throw new Error(`no deployment "${service}" in ${this.#options.region}`);
    return found;
  }
}

const asks = ({ instance }: Pod) => roomOf(instance.service.resources);
