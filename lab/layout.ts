import { availableParallelism } from "node:os";
import { homeRegion, peerOf, type RegionName, witnessRegion } from "@castle/regions/catalogue.ts";
import {
  catalogueSizes,
  type Service,
  type ServiceName,
  type Sizes,
  services,
  sizesBy,
} from "@castle/services/catalogue.ts";
import { PerCell } from "./cells/per-cell.ts";
import type { EdgePlan, EdgeTarget } from "./edge/plan.ts";
import type { LinkPath } from "./link/channels.ts";

/** One process of a service in one cell. */
export interface ServiceInstance {
  readonly region: RegionName;
  readonly service: Service;
  /** For example `order-gateway-0`. */
  readonly name: string;
  /** Null for a service that takes no traffic. */
  readonly port: number | null;
  readonly internalPort: number;
  /** Null for a service on which no lines end. */
  readonly linePort: number | null;
}

export interface CellLayout {
  readonly database: number;
  readonly journal: number;
  readonly redis: number;
  /** The API of the cell's Kubernetes cluster. */
  readonly kubernetes: number;
  /** Ports of the link, on which this cell reaches what is not its own. */
  readonly link: {
    readonly peerDatabase: number;
    readonly peerJournal: number;
    readonly peerRedis: number;
    readonly witness: number;
  };
  /** What the cell is born with; more may be started, and some be ended, while the lab runs. */
  readonly services: readonly ServiceInstance[];
}

/** Every port of a lab, chosen before anything starts. */
export interface LabLayout {
  readonly cells: PerCell<CellLayout>;
  readonly witness: number;
  readonly controlPlane: number;
  /** The edge's listeners, one for each service it leads to. */
  readonly edge: ReadonlyMap<ServiceName, number>;
}

/** Below this many cores a second instance in a cell costs more than it carries: both cells share them. */
const CORES_FOR_ALL_REPLICAS = 4;

/** How many instances run, unless somebody asks for others: as the catalogue says, where the machine has the cores. */
export const sizesFor = (cores: number): Sizes =>
  cores < CORES_FOR_ALL_REPLICAS ? sizesBy(() => ({ standby: 1, active: 1 })) : catalogueSizes;

/** The catalogue's sizes with so many order gateways in each cell, whatever its role. */
export const withGateways = (gateways: number): Sizes => ({
  ...catalogueSizes,
  "order-gateway": { standby: gateways, active: gateways },
});

/**
 * @param wanted ports of the edge that somebody chose.
 * @param sizes how many instances of each service; home is born active, and its peer as standby.
 */
export async function layOut(
  take: () => Promise<number>,
  wanted: ReadonlyMap<ServiceName, number> = new Map(),
  sizes: Sizes = sizesFor(availableParallelism()),
): Promise<LabLayout> {
  const edge = new Map<ServiceName, number>();
  for (const { name, edgePort } of services)
    if (edgePort !== null) edge.set(name, wanted.get(name) ?? (await take()));
  return {
    edge,
    witness: await take(),
    controlPlane: await take(),
    cells: await PerCell.prepare(async (region) => ({
      database: await take(),
      journal: await take(),
      redis: await take(),
      kubernetes: await take(),
      link: {
        peerDatabase: await take(),
        peerJournal: await take(),
        peerRedis: await take(),
        witness: await take(),
      },
      services: await layOutServices(region, take, sizes),
    })),
  };
}

async function layOutServices(
  region: RegionName,
  take: () => Promise<number>,
  sizes: Sizes,
): Promise<ServiceInstance[]> {
  const role = region === homeRegion ? "active" : "standby";
  const instances: ServiceInstance[] = [];
  for (const service of services)
    for (let index = 0; index < sizes[service.name][role]; index++)
      instances.push(await layOutInstance(region, service, index, take));
  return instances;
}

/** One more instance of a service, with ports of its own. */
export async function layOutInstance(
  region: RegionName,
  service: Service,
  index: number,
  take: () => Promise<number>,
): Promise<ServiceInstance> {
  return {
    ...{ region, service, name: `${service.name}-${index}` },
    port: service.port === null ? null : await take(),
    internalPort: await take(),
    linePort: service.linePort === null ? null : await take(),
  };
}

export function linkPaths(layout: LabLayout): LinkPath[] {
  return layout.cells.entries.flatMap(([from, { link }]): LinkPath[] => {
    const to = peerOf(from);
    const peer = layout.cells.in(to);
    return [
      { channel: "replication", from, to, listenPort: link.peerDatabase, targetPort: peer.database },
      { channel: "journal", from, to, listenPort: link.peerJournal, targetPort: peer.journal },
      { channel: "redis", from, to, listenPort: link.peerRedis, targetPort: peer.redis },
      { channel: "witness", from, to: witnessRegion, listenPort: link.witness, targetPort: layout.witness },
    ];
  });
}

/** How often the edge checks a target. Milliseconds. */
const CHECK_EVERY_MS = 250;

/** @param nearest the region nearest to the traders. */
export function edgePlan(layout: LabLayout, nearest: RegionName): EdgePlan {
  return {
    listeners: [...layout.edge].map(([service, port]) => ({ service, port })),
    nearestFirst: [nearest, peerOf(nearest)],
    intervalMs: CHECK_EVERY_MS,
    targets: layout.cells.all.flatMap((cell) => edgeTargets(cell.services)),
  };
}

/** Those that the edge leads to, as its load balancers know them. */
export const edgeTargets = (instances: readonly ServiceInstance[]): EdgeTarget[] =>
  instances.flatMap(({ region, service, name, port, internalPort }): EdgeTarget[] =>
    service.edgePort === null || port === null
      ? []
      : [
          {
            ...{ region, service: service.name, instance: name, port, internalPort },
            healthPath: service.healthPath,
          },
        ],
  );
