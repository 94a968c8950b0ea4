import { seconds } from "@castle/regions/duration.ts";
import { type Sizes, services } from "@castle/services/catalogue.ts";
import { bytes, millicores } from "@castle/services/quantity.ts";
import type { NodegroupFacts } from "../../kubernetes/cluster.ts";
import type { Node } from "../../kubernetes/objects.ts";
import { type Check, judged, notConfigured, type Verdict } from "../check.ts";

export const clusterCapacity: Check = {
  name: "cluster-capacity",
  why: "Services are brought to their active size when the peer takes over: pods that no node has room for stay pending.",
  mend: "aws eks update-nodegroup-config with a larger maxSize, and a desiredSize that holds the active size without waiting for nodes.",
  severity: "warns",
  deadline: seconds(10),
  look: async (world) => {
    const { peer } = await world.sides();
    const cluster = world.cluster(peer);
    if (!cluster) return notConfigured("cluster");
    const [nodes, nodegroups] = await Promise.all([cluster.nodes(), cluster.nodegroups()]);
    return judgeClusterCapacity(nodes, nodegroups, cluster.sizes);
  },
};

/** What pods ask of a node, or a node has: thousandths of a core, and bytes. */
interface Room {
  readonly cpu: number;
  readonly memory: number;
}

const roomOf = ({ cpu, memory }: { readonly cpu: string; readonly memory: string }): Room => ({
  cpu: millicores(cpu),
  memory: bytes(memory),
});

/**
 * Whether the nodes that run, and those that may be added, hold every pod of the active size: pod by pod, as no pod is
 * divided between nodes. What other namespaces ask for is not known here. Pure.
 */
export function judgeClusterCapacity(
  nodes: readonly Node[],
  nodegroups: readonly NodegroupFacts[],
  sizes: Sizes,
): Verdict {
  const rooms = nodes.map(({ allocatable }) => roomOf(allocatable));
  const smallest = rooms.toSorted((a, b) => a.cpu - b.cpu)[0];
  const most = Math.max(nodes.length, sum(nodegroups.map(({ max }) => max)));
  const wanted = "room for every pod of the active size";
  if (!smallest) return judged(["no node takes pods"], { found: "", wanted });
  const pods = services.flatMap(({ name, resources }) =>
    Array<Room>(sizes[name].active).fill(roomOf(resources)),
  );
  const cores = sum(pods.map(({ cpu }) => cpu)) / 1_000;
  const told = `${pods.length} pods of the active size, ${cores} cores`;
  const all = [...rooms, ...Array<Room>(most - nodes.length).fill(smallest)];
  const against = fits(pods, all) ? [] : [`no room for ${told}: ${nodes.length} nodes run, ${most} may`];
  const now = fits(pods, rooms) ? "fit on" : "wait for further nodes beside";
  return judged(against, {
    found: `${told}, ${now} the ${nodes.length} nodes that run, of at most ${most}`,
    wanted,
  });
}

/** Largest first, each where there is room: what so does not fit, hardly fits at all. Pure. */
export function fits(pods: readonly Room[], nodes: readonly Room[]): boolean {
  const left = nodes.map((node) => ({ ...node }));
  return pods
    .toSorted((a, b) => b.cpu - a.cpu || b.memory - a.memory)
    .every(({ cpu, memory }) => {
      const node = left.find((room) => room.cpu >= cpu && room.memory >= memory);
      if (!node) return false;
      node.cpu -= cpu;
      node.memory -= memory;
      return true;
    });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
