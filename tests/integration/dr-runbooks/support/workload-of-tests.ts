import type { DeploymentState, PodState, Workload } from "@castle/lab/kubernetes/workload.ts";
import type { RegionName } from "@castle/regions/catalogue.ts";
import { catalogueSizes, type Replicas, type ServiceName, services } from "@castle/services/catalogue.ts";

const BORN = new Date("2026-01-02T03:04:05Z");

/** What a cluster runs, as plain data: pods are there as soon as they are asked for. */
export class WorkloadOfTests implements Workload {
  readonly sizes = new Map<ServiceName, number>();
  /** What was asked for, in order. */
  readonly scaled: string[] = [];
  /** Pods are not ready before this is true. */
  areReady = true;
  readonly #role: keyof Replicas;

  constructor(region: RegionName, active: RegionName) {
    this.#role = region === active ? "active" : "standby";
    this.reset();
  }

  reset(): void {
    for (const { name } of services) this.sizes.set(name, catalogueSizes[name][this.#role]);
    this.scaled.length = 0;
    this.areReady = true;
  }

  scale(service: ServiceName, replicas: number): void {
    this.scaled.push(`${service} to ${replicas}`);
    this.sizes.set(service, replicas);
  }

  deployments = async (): Promise<DeploymentState[]> =>
    services.map((service) => ({
      ...{ service, generation: 1, createdAt: BORN, digest: `sha256:${"a".repeat(64)}` },
      replicas: this.sizes.get(service.name) ?? 0,
    }));

  pods = async (): Promise<PodState[]> =>
    (await this.deployments()).flatMap(({ service, replicas, digest }) =>
      Array.from({ length: replicas }, (_, index) => ({
        ...{ name: `${service.name}-${index}`, service, createdAt: BORN, node: "a-node", digest },
        ...{ process: "running" as const, ready: this.areReady, restarts: 0, endingSince: null },
      })),
    );

  nodes = () => [];
}
