import { cellRegions, type RegionName } from "@castle/regions/catalogue.ts";
import type { Epoch } from "@castle/regions/epoch.ts";
import type { Gate, Mode, Role } from "@castle/regions/role.ts";
import type { WitnessRecord } from "@castle/regions/witness/record.ts";
import type { Published } from "./aws/sns/topics.ts";
import type { LabParts } from "./build.ts";
import { DATABASE } from "./environment.ts";
import type { LabProcess } from "./lab-process.ts";
import type { LinkView } from "./network/network.ts";
import type { DaemonState } from "./processes/daemon.ts";
import { memoryKib } from "./processes/memory.ts";
import { members } from "./processes/tree.ts";
import type { RegionState } from "./region.ts";
import type { WitnessRegion } from "./witness/witness-region.ts";

export interface ProcessStatus {
  readonly name: string;
  readonly pid: number | null;
  readonly state: DaemonState;
  readonly restarts: number;
  /** With all its children; MiB. */
  readonly memoryMib: number;
  readonly port: number | null;
  readonly internalPort: number | null;
  readonly log: string;
}

export interface CellStatus {
  readonly region: RegionName;
  readonly state: RegionState;
  /** As the cell's own database shows it; null when it does not answer. */
  readonly role: {
    readonly role: Role;
    readonly epoch: Epoch;
    readonly gate: Gate;
    readonly durability: Mode;
  } | null;
  readonly database: "writer" | "reader";
  readonly cache: "primary" | "secondary";
  readonly edge: { readonly dial: number; readonly weight: number | null; readonly health: string };
  readonly processes: readonly ProcessStatus[];
}

export interface LabStatus {
  readonly folder: string;
  readonly supervisor: number;
  readonly witness: WitnessRecord | null;
  readonly cells: readonly CellStatus[];
  readonly link: LinkView;
  readonly edge: { readonly api: string; readonly stream: string };
  /** What was published at the lab's topics, oldest first. */
  readonly published: readonly Published[];
  /** Of all processes, the supervisor included; MiB. */
  readonly memoryMib: number;
}

const ANSWER_WITHIN_MS = 500;

export async function labStatus(
  parts: LabParts,
  {
    folder,
    edge,
    witness,
    reaperPid,
    published,
  }: Pick<LabStatus, "folder" | "edge" | "published"> & {
    readonly witness: WitnessRegion;
    readonly reaperPid: number | undefined;
  },
): Promise<LabStatus> {
  const { network, regions } = parts;
  const memory = treeMemory([
    ...regions.all.flatMap((region) => region.processes),
    { pids: [network.daemon.pid, reaperPid].filter((pid) => typeof pid === "number"), name: "" },
  ]);
  const cells = await Promise.all(
    cellRegions.map(async (region): Promise<CellStatus> => {
      const group = network.edge.groups.find((known) => known.region === region);
      return {
        region,
        state: regions.in(region).state,
        role: await roleOf(parts, region),
        database: parts.database.writer === region ? "writer" : "reader",
        cache: parts.datastore.primary === region ? "primary" : "secondary",
        edge: { dial: group?.dial ?? 0, weight: group?.weight ?? null, health: group?.health ?? "initial" },
        processes: regions.in(region).processes.map((process) => ({
          ...{ name: process.name, pid: process.pid, state: process.state, restarts: process.restarts },
          ...{ port: process.port, internalPort: process.internalPort, log: process.log },
          memoryMib: memory.of(process),
        })),
      };
    }),
  );
  return {
    ...{ folder, edge, cells, published, link: network.link, supervisor: process.pid, memoryMib: memory.all },
    witness: await witness.witness.read().catch(() => null),
  };
}

async function roleOf({ regions, database }: LabParts, region: RegionName): Promise<CellStatus["role"]> {
  const server = database.server(region);
  if (regions.in(region).state !== "up" || server.daemon.state !== "running") return null;
  try {
    const [row] = await server.query<{
      epoch: string;
      region: string;
      gate: Gate;
      durability: Mode;
      reads: boolean;
    }>("select epoch, region, gate, durability, pg_is_in_recovery() as reads from role", [], {
      database: DATABASE,
      withinMs: ANSWER_WITHIN_MS,
    });
    if (!row) return null;
    const role = !row.reads && row.region === region ? "active" : "standby";
    return { role, epoch: Number(row.epoch) as Epoch, gate: row.gate, durability: row.durability };
  } catch {
    return null;
  }
}

type Owner = Pick<LabProcess, "pids" | "name">;

function treeMemory(owners: readonly Owner[]): { of: (owner: Owner) => number; all: number } {
  const trees = new Map(
    owners.map((owner) => [owner, members(owner.pids.filter((pid) => pid !== process.pid))]),
  );
  const kib = memoryKib([...new Set([...trees.values()].flat()), process.pid]);
  const mib = (pids: readonly number[]): number =>
    Math.round(pids.reduce((sum, pid) => sum + (kib.get(pid) ?? 0), 0) / 1024);
  return { of: (owner) => mib(trees.get(owner) ?? []), all: mib([...kib.keys()]) };
}
