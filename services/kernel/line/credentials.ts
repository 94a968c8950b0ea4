import { constants, createHmac } from "node:crypto";
import type { SecureContextOptions } from "node:tls";
import type { LinePeer } from "./line.ts";

/**
 * TLS with a key that both ends hold and no certificates (RFC 5489): the same in the lab and on AWS, nothing to issue or
 * to renew. Each end proves the key by its Finished message, and ephemeral keys keep old traffic secret if it leaks.
 * Node's `pskCallback` names an identity up to TLS 1.2 only. Tickets would let a client return without naming itself.
 */
export const LINE_TLS: SecureContextOptions = {
  minVersion: "TLSv1.2",
  maxVersion: "TLSv1.2",
  ciphers: "ECDHE-PSK-CHACHA20-POLY1305",
  secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
};

/** A key of the lines' own, so that what is learnt of one use of the cell's key helps with no other. */
export function lineKey(sealKey: Buffer): Buffer {
  return createHmac("sha256", sealKey).update("castle.line").digest();
}

const IDENTITY = /^([a-z0-9-]{1,40})\/([A-Za-z0-9._-]{1,80})$/;

/** @throws RangeError when a part holds what an identity may not */
export function formatIdentity({ service, instance }: LinePeer): string {
  const identity = `${service}/${instance}`;
  if (IDENTITY.test(identity)) return identity;
  throw new RangeError(`"${identity}" is no identity for a line: it must match ${IDENTITY.source}`);
}

/** null when it is none. */
export function parseIdentity(identity: string): LinePeer | null {
  const [, service, instance] = IDENTITY.exec(identity) ?? [];
  return service === undefined || instance === undefined ? null : { service, instance };
}
