import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

export interface OwnCertificate {
  /** PEM. It vouches for itself: who trusts it needs no other. */
  readonly certificate: string;
  /** PEM. In memory alone, and gone with the lab. */
  readonly key: string;
}

const tag = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  sequence: 0x30,
  set: 0x31,
  utcTime: 0x17,
};

/** One value in DER: tag, length, content (ITU-T X.690). */
function der(as: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length =
    size < 0x80
      ? [size]
      : size < 0x100
        ? [0x81, size]
        : size < 0x10000
          ? [0x82, size >> 8, size & 0xff]
          : null;
  if (length === null) throw new Error(`${size} bytes are more than this certificate ever holds`);
  return Buffer.concat([Buffer.from([as, ...length]), content]);
}

const sequence = (...parts: Buffer[]): Buffer => der(tag.sequence, ...parts);
const oid = (hex: string): Buffer => der(tag.oid, Buffer.from(hex, "hex"));
const utcTime = (at: Date): Buffer =>
  der(tag.utcTime, Buffer.from(`${at.toISOString().slice(2, 19).replaceAll(/[-:T]/g, "")}Z`));

const ecdsaWithSha256 = sequence(oid("2a8648ce3d040302"));
const commonName = oid("550403");
const basicConstraints = oid("551d13");
const subjectAltName = oid("551d11");
const TRUE = Buffer.from([0x01, 0x01, 0xff]);

const DAY_MS = 86_400_000;

/**
 * A certificate for a server on this machine (127.0.0.1, localhost) that is its own authority, as the API server of an
 * EKS cluster has an authority of its own: valid from yesterday, for a week. Nothing is written down.
 */
export function ownCertificate(name: string): OwnCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const now = Date.now();
  const called = sequence(der(tag.set, sequence(commonName, der(tag.utf8, Buffer.from(name)))));
  const isAuthority = sequence(basicConstraints, TRUE, der(tag.octetString, sequence(TRUE)));
  const places = sequence(der(0x82, Buffer.from("localhost")), der(0x87, Buffer.from([127, 0, 0, 1])));
  const content = sequence(
    der(0xa0, der(tag.integer, Buffer.from([2]))), // version 3
    der(tag.integer, Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    ecdsaWithSha256,
    called,
    sequence(utcTime(new Date(now - DAY_MS)), utcTime(new Date(now + 7 * DAY_MS))),
    called,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(isAuthority, sequence(subjectAltName, der(tag.octetString, places)))),
  );
  const signature = der(tag.bitString, Buffer.from([0]), sign("sha256", content, privateKey));
  return {
    certificate: pem("CERTIFICATE", sequence(content, ecdsaWithSha256, signature)),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

const pem = (what: string, content: Buffer): string =>
  `-----BEGIN ${what}-----\n${(content.toString("base64").match(/.{1,64}/g) ?? []).join("\n")}\n-----END ${what}-----\n`;
