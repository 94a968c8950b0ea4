import type { Service, ServiceName } from "@castle/services/catalogue.ts";

/** What runs in a cell's cluster, as its API tells and changes it. */
export interface Workload {
  deployments(): Promise<readonly DeploymentState[]>;
  /** As they are now, each one's readiness asked of itself. Answers within a second, whatever becomes of a process. */
  pods(): Promise<readonly PodState[]>;
  nodes(): readonly NodeState[];
  /** So many are wanted from now on; they come and go afterwards. */
  scale(service: ServiceName, replicas: number): void;
}

export interface DeploymentState {
  readonly service: Service;
  readonly replicas: number;
  /** Grows with every change of what is wanted. */
  readonly generation: number;
  readonly createdAt: Date;
  /** Of the image that new pods are started from. */
  readonly digest: string;
}

export interface PodState {
  /** For example `order-gateway-0`. */
  readonly name: string;
  readonly service: Service;
  readonly createdAt: Date;
  /** null while no node has room for it. */
  readonly node: string | null;
  readonly digest: string;
  /**
   * - `pending`: no process yet. `running`: a process. `waiting`: it ended, and is started again after a pause.
   */
  readonly process: "pending" | "running" | "waiting";
  /** Its own answer at /healthz/ready. */
  readonly ready: boolean;
  readonly restarts: number;
  /** Since when it is being ended; null while it is wanted. */
  readonly endingSince: Date | null;
}

export interface NodeState {
  readonly name: string;
  readonly createdAt: Date;
}
