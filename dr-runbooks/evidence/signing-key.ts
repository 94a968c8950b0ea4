import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** What signs the lines of a record. */
export interface SigningKey {
  /** Tells the key from any other, and nothing of its private part. */
  readonly fingerprint: string;
  /** @param hash hexadecimal. @returns the signature, base64url. */
  sign(hash: string): string;
}

/** What signatures are checked with. */
export interface PublicKey {
  readonly fingerprint: string;
  verifies(hash: string, signature: string): boolean;
}

/** A file that was to hold an Ed25519 key, and does not. */
export class KeyInvalid extends Error {
  constructor(path: string, mistake: string) {
    super(`${path} holds no Ed25519 key as PEM: ${mistake}`);
    this.name = "KeyInvalid";
  }
}

/** Where the key is that signs the records of a folder, unless the target names another file. */
export const keyFileIn = (folder: string): string => join(folder, "signing-key.pem");

/** Where the public part of a private key's file is. */
export const publicKeyFile = (keyFile: string): string => `${keyFile.replace(/\.pem$/, "")}.pub.pem`;

/** Reads the key, and makes one, readable by its owner alone, where there is none yet. */
export async function loadSigningKey(keyFile: string): Promise<SigningKey> {
  const key = parsed(keyFile, await readOrMake(keyFile), createPrivateKey);
  await writeNew(publicKeyFile(keyFile), publicPemOf(key), 0o644);
  return signingKey(key);
}

/** Reads a key that somebody has. @throws KeyInvalid; Error (ENOENT). */
export const readSigningKey = async (keyFile: string): Promise<SigningKey> =>
  signingKey(parsed(keyFile, await readFile(keyFile, "utf8"), createPrivateKey));

const signingKey = (key: KeyObject): SigningKey => ({
  fingerprint: fingerprintOf(createPublicKey(key)),
  sign: (hash) => sign(null, Buffer.from(hash, "hex"), key).toString("base64url"),
});

const publicPemOf = (key: KeyObject): string | Buffer =>
  createPublicKey(key).export({ type: "spki", format: "pem" });

/** @throws KeyInvalid; Error (ENOENT). */
export const readPublicKey = async (path: string): Promise<PublicKey> =>
  publicKeyOf(await readFile(path, "utf8"), path);

/** @param where what is told to hold no key when it does not. @throws KeyInvalid */
export function publicKeyOf(pem: string, where: string): PublicKey {
  const key = parsed(where, pem, createPublicKey);
  return {
    fingerprint: fingerprintOf(key),
    verifies: (hash, signature) => {
      const bytes = Buffer.from(signature, "base64url");
      // Node's decoder overlooks stray characters and unused bits: one signature would have many spellings.
      if (bytes.toString("base64url") !== signature) return false;
      return verify(null, Buffer.from(hash, "hex"), key, bytes);
    },
  };
}

/** Whether the text is the public part of an Ed25519 key, as PEM, and nothing of the private one. */
export function isPublicKey(pem: string): boolean {
  try {
    return /^-----BEGIN PUBLIC KEY-----\s/.test(pem) && parsed("", pem, createPublicKey).type === "public";
  } catch {
    return false;
  }
}

async function readOrMake(keyFile: string): Promise<string> {
  const found = await readFile(keyFile, "utf8").catch(unlessCode("ENOENT"));
  if (found !== null) return found;
  await mkdir(dirname(keyFile), { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync("ed25519");
  await writeNew(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }), 0o600);
  // Another runner may have been first: theirs is the key then.
  return readFile(keyFile, "utf8");
}

/** Writes a whole file or none, and leaves one alone that is there: linking is one act, and fails when the name is taken. */
async function writeNew(path: string, text: string | Buffer, mode: number): Promise<void> {
  if ((await readFile(path).catch(unlessCode("ENOENT"))) !== null) return;
  const draft = `${path}.draft-${process.pid}-${Math.random().toString(36).slice(2)}`;
  await writeFile(draft, text, { mode, flush: true });
  try {
    await link(draft, path).catch(unlessCode("EEXIST"));
  } finally {
    await rm(draft, { force: true });
  }
}

function parsed(path: string, text: string, parse: (text: string) => KeyObject): KeyObject {
  try {
    const key = parse(text);
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch (error) {
    throw new KeyInvalid(path, error instanceof Error ? error.message : String(error));
  }
  throw new KeyInvalid(path, "it is of another kind");
}

/** As ssh tells one: SHA-256 over the public key (SPKI, DER). */
const fingerprintOf = (publicKey: KeyObject): string =>
  `SHA256:${createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64url")}`;

const unlessCode =
  (code: string) =>
  (error: unknown): null => {
    if (error instanceof Error && "code" in error && error.code === code) return null;
    throw error;
  };
