import { bytes, millicores } from "@castle/services/quantity.ts";

/**
 * The nodes of the lab's clusters. What EKS leaves of a node for pods: of two cores 6 % and 1 % are kept for the node
 * itself, of the memory 255 MiB, 11 MiB for each of 29 pods, and 100 MiB below which pods are evicted.
 * Source: awslabs/amazon-eks-ami, nodeadm, kubelet defaults.
 */
export const nodeType = {
  name: "m7g.large",
  capacity: { cpu: "2", memory: "8192Mi", pods: "29" },
  allocatable: { cpu: "1930m", memory: "7518Mi", pods: "29" },
} as const;

/** What pods ask of a node together, or what is left of one. */
export interface Room {
  /** Thousandths of a core. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
}

export const roomOf = ({ cpu, memory }: { readonly cpu: string; readonly memory: string }): Room => ({
  cpu: millicores(cpu),
  memory: bytes(memory),
});

/**
 * The first node with room for a pod; null when there is none. Pure.
 * @param placed what each node holds already
 */
export function nodeWithRoom(placed: readonly (readonly Room[])[], wanted: Room): number | null {
  const whole = roomOf(nodeType.allocatable);
  const found = placed.findIndex((pods) => {
    const cpu = pods.reduce((sum, pod) => sum + pod.cpu, wanted.cpu);
    const memory = pods.reduce((sum, pod) => sum + pod.memory, wanted.memory);
    return cpu <= whole.cpu && memory <= whole.memory;
  });
  return found === -1 ? null : found;
}
