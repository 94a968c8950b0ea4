import { connect, type TLSSocket } from "node:tls";
import { describeSocketError } from "./close-reasons.ts";
import { formatIdentity, LINE_TLS, lineKey } from "./credentials.ts";
import { DEFAULT_LINE_LIMITS, type LineLimits } from "./limits.ts";
import { Line, type LineHandlers, type LinePeer } from "./line.ts";

export type { LineLimits } from "./limits.ts";

const CONNECT_WITHIN_MS = 1_000;
const KEEP_ALIVE_MS = 10_000;

export interface DialOptions {
  readonly sealKey: Buffer;
  /** Who calls: the other end's `line.peer`. */
  readonly identity: LinePeer;
  /** Not called before the promise has been settled and what awaits it has run. */
  readonly handlers: LineHandlers;
  /** Milliseconds for resolving, connecting and authenticating together; 1,000 unless given. */
  readonly connectWithinMs?: number;
  readonly limits?: Partial<LineLimits>;
}

/** A line could not be had. The message names the address and the cause. */
export class DialError extends Error {
  override readonly name = "DialError";
}

/**
 * Connects to a `LineServer` at `host:port`. The line's `peer` is `{ service: "line-server", instance: address }`: a
 * server proves that it holds the cell's key, but has no name.
 * @throws DialError when not connected and authenticated within `connectWithinMs`
 */
export async function dial(address: string, options: DialOptions): Promise<Line> {
  const { sealKey, handlers, connectWithinMs = CONNECT_WITHIN_MS } = options;
  const identity = formatIdentity(options.identity);
  const socket = connect({
    ...LINE_TLS,
    ...parseAddress(address),
    pskCallback: () => ({ identity, psk: lineKey(sealKey) }),
    // There is no certificate to compare with the host's name; the key is what proves the server.
    checkServerIdentity: () => undefined,
  });
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  const line = await authenticated(socket, address, { connectWithinMs, ...options.limits });
  setImmediate(() => line.open(handlers));
  return line;
}

interface Terms extends Partial<LineLimits> {
  readonly connectWithinMs: number;
}

function authenticated(
  socket: TLSSocket,
  address: string,
  { connectWithinMs, ...limits }: Terms,
): Promise<Line> {
  const { promise, resolve, reject } = Promise.withResolvers<Line>();
  let connected = false;
  const fail = (because: string, cause?: Error): void => {
    clearTimeout(deadline);
    reject(new DialError(`line to ${address} ${because}`, { cause }));
    socket.destroy();
  };
  const deadline = setTimeout(
    () => fail(`failed: not ${connected ? "authenticated" : "connected"} within ${connectWithinMs} ms`),
    connectWithinMs,
  );
  socket.once("connect", () => (connected = true));
  // They stay: a socket may report more than one error, and rejecting again does nothing.
  socket.on("error", (error) => fail(describeDialError(error), error));
  socket.on("close", () => fail("failed: the other end closed it before it was authenticated"));
  // The line is made at once, so that it hears of everything that happens to its socket.
  socket.once("secureConnect", () => {
    clearTimeout(deadline);
    const peer: LinePeer = { service: "line-server", instance: address };
    resolve(new Line(socket, peer, { ...DEFAULT_LINE_LIMITS, ...limits }));
  });
  return promise;
}

/** A server that computes another key cannot read the client's last message of the handshake, and says so. */
const ANOTHER_KEY = /BAD_RECORD_MAC|DECRYPT_ERROR/;

function describeDialError(error: NodeJS.ErrnoException): string {
  const { code = "" } = error;
  if (ANOTHER_KEY.test(code)) return "refused: is CASTLE_SEAL_KEY the same?";
  if (code.includes("UNKNOWN_PSK_IDENTITY")) return "refused: the server does not take this identity";
  return `failed: ${describeSocketError(error)}`;
}

/** @throws DialError when it is not `host:port` */
function parseAddress(address: string): { host: string; port: number } {
  const [, host, port] = /^(?:\[?)([^[\]]+?)(?:\]?):(\d{1,5})$/.exec(address) ?? [];
  if (host === undefined || Number(port) > 65_535) {
    throw new DialError(`"${address}" is no address of a line: it must be host:port`);
  }
  return { host, port: Number(port) };
}
