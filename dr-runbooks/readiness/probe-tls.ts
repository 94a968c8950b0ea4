import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import { type Duration, seconds } from "@castle/regions/duration.ts";

const ANSWERS_WITHIN: Duration = seconds(4);

/** PostgreSQL's request for TLS: its length, and a number that is no version of the protocol. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/**
 * When the certificate ends that a server presents, read off a real handshake: nothing but the handshake is sent, so that
 * it does not matter here whether the certificate is to be trusted. A PostgreSQL server is asked whether it speaks TLS;
 * a Redis server speaks it when its URL says `rediss:`.
 * @returns milliseconds since 1970, or null for a server without TLS. @throws Error when it does not answer
 */
export async function certificateEnds(url: string): Promise<number | null> {
  const { protocol, hostname, port } = new URL(url);
  if (protocol === "redis:") return null;
  const isPostgres = protocol.startsWith("postgres");
  const socket = connect({ host: hostname, port: Number(port) || (isPostgres ? 5_432 : 6_379) });
  const signal = AbortSignal.timeout(ANSWERS_WITHIN.ms);
  try {
    await once(socket, "connect", { signal });
    if (isPostgres && !(await takesTls(socket, signal))) return null;
    return await endOf(socket, hostname, signal);
  } finally {
    socket.destroy();
  }
}

async function takesTls(socket: Socket, signal: AbortSignal): Promise<boolean> {
  const answered = once(socket, "data", { signal });
  socket.write(SSL_REQUEST);
  const [answer] = (await answered) as [Buffer];
  return answer.toString("latin1") === "S";
}

async function endOf(socket: Socket, hostname: string, signal: AbortSignal): Promise<number> {
  const secured = connectSecurely({
    socket,
    rejectUnauthorized: false,
    ALPNProtocols: ["postgresql"],
    ...sni(hostname),
  });
  try {
    await once(secured, "secureConnect", { signal });
    const { valid_to: end } = secured.getPeerCertificate();
    const time = Date.parse(end);
    if (Number.isNaN(time)) throw new Error(`it presents a certificate that ends at "${end}"`);
    return time;
  } finally {
    secured.destroy();
  }
}

/** A server's name is asked for by names only, never by addresses. */
const sni = (hostname: string): { servername?: string } =>
  /^[\d.]+$|:/.test(hostname) ? {} : { servername: hostname };
