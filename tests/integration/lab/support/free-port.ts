import { PortBlock } from "@castle/lab/ports.ts";

/** Ports that nobody listens on, given back all at once. */
export async function freePorts(count: number): Promise<{ ports: number[]; release: () => Promise<void> }> {
  const block = await PortBlock.claim();
  const ports: number[] = [];
  while (ports.length < count) ports.push(await block.take());
  return { ports, release: () => block.release() };
}
