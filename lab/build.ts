import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { homeRegion, type RegionName } from "@castle/regions/catalogue.ts";
import type { ServiceName } from "@castle/services/catalogue.ts";
import type { CellConditions } from "./cells/conditions.ts";
import { GlobalDatabase } from "./cells/global-database.ts";
import { GlobalDatastore } from "./cells/global-datastore.ts";
import { imageOf } from "./cells/lab-holdings.ts";
import { PerCell } from "./cells/per-cell.ts";
import {
  type LabSecrets,
  nodeArguments,
  nodeEnvironment,
  type ServiceSettings,
  serviceEnvironment,
} from "./environment.ts";
import { Deployments, type DeploymentsOptions } from "./kubernetes/deployments.ts";
import { NodeGroup } from "./kubernetes/node-group.ts";
import { LabProcess } from "./lab-process.ts";
import {
  edgePlan,
  edgeTargets,
  type LabLayout,
  layOutInstance,
  linkPaths,
  type ServiceInstance,
} from "./layout.ts";
import { Network } from "./network/network.ts";
import { ask } from "./processes/ask.ts";
import { Daemon } from "./processes/daemon.ts";
import type { Host } from "./processes/host.ts";
import { until } from "./processes/until.ts";
import { LabRegion } from "./region.ts";
import { postgresPrograms, redisServer } from "./servers/binaries.ts";
import { PostgresServer } from "./servers/postgres.ts";
import { RedisServer } from "./servers/redis.ts";

export interface LabPlan extends ServiceSettings {
  readonly host: Host;
  readonly layout: LabLayout;
  readonly secrets: LabSecrets;
  readonly rttMs: number;
  readonly nearest: RegionName;
  readonly rejoinDelayMs: number;
  /** Another program in place of every service: for tests that need processes, and none of their work. */
  readonly program?: string;
  /** Added to what every service is configured by. */
  readonly serviceEnvironment?: Readonly<Record<string, string>>;
  /** A port for what is started later. */
  readonly takePort: () => Promise<number>;
  readonly note: (line: string) => void;
}

/** Everything a lab is made of, and nothing of it started. */
export interface LabParts {
  readonly network: Network;
  readonly databases: PerCell<PostgresServer>;
  readonly journals: PerCell<PostgresServer>;
  readonly caches: PerCell<RedisServer>;
  readonly database: GlobalDatabase;
  readonly datastore: GlobalDatastore;
  readonly regions: PerCell<LabRegion>;
}

const SERVICE_START_WITHIN_MS = 30_000;
const SERVICE_STOP_WITHIN_MS = 11_000;

/** @throws ServerMissing when PostgreSQL or Redis is not on this machine */
export function buildLab(plan: LabPlan): LabParts {
  const { host, layout, secrets, note, rejoinDelayMs } = plan;
  const network = new Network({
    host,
    paths: linkPaths(layout),
    roundTripMs: plan.rttMs,
    edge: edgePlan(layout, plan.nearest),
    log: logOf(host, "network"),
    env: nodeEnvironment,
  });

  const programs = postgresPrograms();
  const postgres = (region: RegionName, name: string, port: number, writerPort?: number): PostgresServer =>
    new PostgresServer({
      ...{ host, programs, port, access: secrets.postgres, name: `${name} in ${region}` },
      folder: serverFolder(host, region, name),
      log: logOf(host, region, name),
      ...(writerPort === undefined ? {} : { writerPort }),
    });
  const databases = PerCell.make((region) => {
    const { database, link } = layout.cells.in(region);
    return postgres(region, "database", database, link.peerDatabase);
  });
  const journals = PerCell.make((region) => postgres(region, "journal", layout.cells.in(region).journal));
  const program = redisServer();
  const caches = PerCell.make((region) => {
    const { redis, link } = layout.cells.in(region);
    return new RedisServer({
      ...{ host, program, name: `redis in ${region}`, port: redis, primaryPort: link.peerRedis },
      folder: serverFolder(host, region, "redis"),
      password: secrets.redisPassword,
      log: logOf(host, region, "redis"),
    });
  });

  const conditions: CellConditions = {
    runs: (region) => regions.in(region).state === "up",
    carries: (channel) => !network.link.cut.includes(channel) && !network.link.stalled.includes(channel),
  };
  const database = new GlobalDatabase({
    ...{ servers: databases, writer: homeRegion, conditions, rejoinDelayMs, note },
    peerPort: (region) => layout.cells.in(region).link.peerDatabase,
  });
  const datastore = new GlobalDatastore({ servers: caches, primary: homeRegion, conditions, note });

  const digestOf = digestsAtBirth();
  const regions = PerCell.make((region) => {
    const [writer, journal, cache] = [databases.in(region), journals.in(region), caches.in(region)];
    const server = (
      name: string,
      made: PostgresServer | RedisServer,
      start: () => Promise<void>,
      pids?: () => readonly number[],
    ): LabProcess =>
      new LabProcess({
        ...{ region, name, start, note, daemon: made.daemon, port: made.port, internalPort: null },
        log: logOf(host, region, name),
        ...(pids ? { pids } : {}),
      });
    return new LabRegion({
      ...{ name: region, database, datastore, rejoinDelayMs, note },
      servers: [
        server(
          "database",
          writer,
          () => database.settle(region),
          () => writer.pids,
        ),
        server(
          "journal",
          journal,
          () => journal.start(),
          () => journal.pids,
        ),
        server("redis", cache, () => datastore.settle(region)),
      ],
      deployments: deployments(plan, region, network, { isUp: () => conditions.runs(region), digestOf }),
    });
  });
  return { network, databases, journals, caches, database, datastore, regions };
}

/** What was deployed when the lab was born stays deployed, whatever becomes of the source meanwhile. */
function digestsAtBirth(): DeploymentsOptions["digestOf"] {
  const digests = new Map<ServiceName, Promise<string>>();
  return (service) => {
    const known = digests.get(service.name) ?? imageOf(service).then(({ digest }) => digest);
    digests.set(service.name, known);
    return known;
  };
}

function deployments(
  plan: LabPlan,
  region: RegionName,
  network: Network,
  more: Pick<DeploymentsOptions, "isUp" | "digestOf">,
): Deployments {
  const { layout, note, takePort } = plan;
  return new Deployments({
    ...more,
    ...{ region, note, instances: layout.cells.in(region).services, nodes: new NodeGroup(region) },
    newInstance: (of, index) => layOutInstance(region, of, index, takePort),
    process: (instance) => service(plan, instance),
    lead: (instances) => network.setTargets(region, edgeTargets(instances)),
  });
}

function service(plan: LabPlan, instance: ServiceInstance): LabProcess {
  const { host, layout, secrets, note } = plan;
  const { region, name, port, internalPort } = instance;
  const entry =
    plan.program ?? fileURLToPath(new URL(`../services/${instance.service.entry}`, import.meta.url));
  const log = logOf(host, region, name);
  const daemon = new Daemon({
    ...{ name: `${name} in ${region}`, log, stopSignal: "SIGTERM", stopWithinMs: SERVICE_STOP_WITHIN_MS },
    launch: () =>
      host.spawn({
        ...{ command: process.execPath, args: [...nodeArguments, entry], log },
        env: { ...serviceEnvironment(instance, layout, secrets, plan), ...plan.serviceEnvironment },
      }),
    ready: (_pid, signal) =>
      until(async () => (await ask(`http://127.0.0.1:${internalPort}/healthz/live`)).status === 200, {
        ...{ what: `${name} in ${region} to answer (see ${log})`, signal },
        ...{ withinMs: SERVICE_START_WITHIN_MS, everyMs: 50 },
      }),
  });
  return new LabProcess({ region, name, daemon, start: () => daemon.start(), port, internalPort, log, note });
}

function serverFolder(host: Host, region: RegionName, name: string): string {
  const folder = host.subfolder("data", region, name);
  for (const path of ["data", join("data", region), join("data", region, name)])
    host.ownedByServers(join(host.folder, path));
  return folder;
}

const logOf = (host: Host, ...path: string[]): string => `${join(host.folder, "logs", ...path)}.log`;
