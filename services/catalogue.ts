/**
 * Every deployable of Castle, once: infrastructure, lab, portal and documentation read names, ports, health paths,
 * replicas and sizes here and nowhere else.
 */
export interface Service {
  readonly name: ServiceName;
  /** One sentence for the people who operate it. */
  readonly purpose: string;
  /** Entry file, relative to `services/`. */
  readonly entry: string;
  /** Traffic port on AWS (the lab gives every process a free one); null when nothing outside the cell calls it. */
  readonly port: number | null;
  /** Port of health, metrics and internal calls; never reachable from outside the cell. */
  readonly internalPort: number;
  /** Port of the lines on which the cell's other services reach it; null when none do. */
  readonly linePort: number | null;
  /** The services whose lines it uses. */
  readonly dials: readonly ServiceName[];
  /** The accelerator's listener port that leads here; null when the edge does not. */
  readonly edgePort: number | null;
  /** What the edge and the load balancer probe, on the internal port. */
  readonly healthPath: "/healthz/active" | "/healthz/ready";
  readonly replicas: Replicas;
  /** What each instance asks of a node, as Kubernetes writes it: see quantity.ts. */
  readonly resources: { readonly cpu: string; readonly memory: string };
}

/** How many instances of a service run in a cell. */
export interface Replicas {
  /** Warm: enough to follow, to vouch for it, and to take over at once. At least one. */
  readonly standby: number;
  /** For the whole load. */
  readonly active: number;
}

/** The replicas of every service of a cell. */
export type Sizes = Readonly<Record<ServiceName, Replicas>>;

export type ServiceName = "order-gateway" | "matching-engine" | "market-data";

export const services: readonly Service[] = [
  {
    name: "order-gateway",
    purpose:
      "Authenticates and validates what traders ask, hands it to the matching engine, and answers once both regions hold it.",
    entry: "order-gateway/main.ts",
    port: 8080,
    internalPort: 9080,
    linePort: null,
    dials: ["matching-engine"],
    edgePort: 443,
    healthPath: "/healthz/active",
    replicas: { standby: 1, active: 2 },
    resources: { cpu: "1", memory: "512Mi" },
  },
  {
    name: "matching-engine",
    purpose:
      "Leads the streams: sequences commands in memory, makes them durable in both regions, matches, settles, projects.",
    entry: "matching-engine/main.ts",
    port: null,
    internalPort: 9081,
    linePort: 7081,
    // The engine that follows watches the one that leads.
    dials: ["matching-engine"],
    edgePort: null,
    healthPath: "/healthz/ready",
    replicas: { standby: 1, active: 2 },
    resources: { cpu: "500m", memory: "512Mi" },
  },
  {
    name: "market-data",
    purpose: "Tells traders what happened over WebSocket: depth, trades, execution reports.",
    entry: "market-data/main.ts",
    port: 8082,
    internalPort: 9082,
    linePort: null,
    dials: ["matching-engine"],
    edgePort: 9443,
    healthPath: "/healthz/active",
    replicas: { standby: 1, active: 1 },
    resources: { cpu: "500m", memory: "512Mi" },
  },
];

export const serviceNames = services.map(({ name }) => name);

/** A size for each service. */
export const sizesBy = (sizeOf: (service: Service) => Replicas): Sizes =>
  Object.fromEntries(services.map((service) => [service.name, sizeOf(service)])) as Sizes;

export const catalogueSizes: Sizes = sizesBy(({ replicas }) => replicas);
