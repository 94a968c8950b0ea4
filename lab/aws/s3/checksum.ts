import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { clientFault } from "../fault.ts";

/** Checksums of a body, by the member of PutObject's input that carries them. All of them in base64. */
const algorithms: Readonly<
  Record<string, { readonly name: string; readonly of: (body: Uint8Array) => Buffer }>
> = {
  ChecksumCRC32: { name: "CRC32", of: crc32Of },
  ChecksumSHA1: { name: "SHA1", of: (body) => createHash("sha1").update(body).digest() },
  ChecksumSHA256: { name: "SHA256", of: (body) => createHash("sha256").update(body).digest() },
};

export const checksumMembers: readonly string[] = Object.keys(algorithms);

export type SentChecksums = Readonly<Record<string, string>>;

/**
 * Checks what the client says of its body, and returns it: S3 tells it again with the object.
 * @throws AwsFault, with S3's codes, for a body that is not the one that was sent.
 */
export function checkedChecksums(input: Readonly<Record<string, unknown>>, body: Uint8Array): SentChecksums {
  requireMd5(input["ContentMD5"], body);
  const sent: Record<string, string> = {};
  for (const [member, { name, of }] of Object.entries(algorithms)) {
    const given = input[member];
    if (typeof given !== "string") continue;
    const own = of(body);
    if (!isBase64Of(own.byteLength, given))
      throw clientFault(
        "InvalidRequest",
        `Value for x-amz-checksum-${name.toLowerCase()} header is invalid.`,
      );
    if (own.toString("base64") !== given)
      throw clientFault("BadDigest", `The ${name} you specified did not match the calculated checksum.`);
    sent[member] = given;
  }
  return sent;
}

function requireMd5(given: unknown, body: Uint8Array): void {
  if (typeof given !== "string") return;
  if (!isBase64Of(16, given))
    throw clientFault("InvalidDigest", "The Content-MD5 you specified was invalid.");
  if (createHash("md5").update(body).digest("base64") !== given)
    throw clientFault("BadDigest", "The Content-MD5 you specified did not match what we received.");
}

const isBase64Of = (bytes: number, text: string): boolean => {
  const decoded = Buffer.from(text, "base64");
  return decoded.byteLength === bytes && decoded.toString("base64") === text;
};

function crc32Of(body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes;
}
