import { createServer, type Server } from "node:net";

/** Below the range that systems take outgoing connections' ports from, so that no client sits on a server's port. */
const FIRST = 15_000;
const BLOCK = 64;
const BLOCKS = 240;

/**
 * A block of ports that no other lab on this machine takes: its first port stays bound as long as this process lives
 * or until {@link PortBlock.release}, and is what labs exclude each other by. A server that is down for a while finds
 * its port free again.
 */
export class PortBlock {
  readonly #guard: Server;
  #next: number;
  readonly #end: number;

  private constructor(guard: Server, first: number) {
    this.#guard = guard;
    this.#next = first + 1;
    this.#end = first + BLOCK;
  }

  /** @throws Error when no block is free */
  static async claim(): Promise<PortBlock> {
    const start = Math.floor(Math.random() * BLOCKS);
    for (let step = 0; step < BLOCKS; step++) {
      const first = FIRST + ((start + step) % BLOCKS) * BLOCK;
      const guard = await bind(first);
      if (guard) return new PortBlock(guard, first);
    }
    throw new Error(`no free block of ports between ${FIRST} and ${FIRST + BLOCKS * BLOCK} on 127.0.0.1`);
  }

  /** The next port of the block that nobody listens on. @throws Error when the block is used up */
  async take(): Promise<number> {
    while (this.#next < this.#end) {
      const port = this.#next++;
      if (await isFree(port)) return port;
    }
    throw new Error(`the block of ports up to ${this.#end - 1} is used up`);
  }

  release(): Promise<void> {
    return new Promise((resolve) => this.#guard.close(() => resolve()));
  }
}

/** @param option names the port in the error. @throws Error when somebody listens there already */
export async function requireFree(port: number, option: string): Promise<number> {
  if (await isFree(port)) return port;
  throw new Error(`port ${port} of 127.0.0.1 (${option}) is taken: choose another, or leave the option out`);
}

async function isFree(port: number): Promise<boolean> {
  const server = await bind(port);
  if (!server) return false;
  await new Promise((resolve) => server.close(resolve));
  return true;
}

/** Null when the port cannot be had. */
function bind(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once("error", () => resolve(null));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => resolve(server));
  });
}
