import { createHash } from "node:crypto";
import { z } from "zod";
import type { Agreement, Asked, Asking } from "../engine/approval.ts";
import { whoSchema } from "../engine/who.ts";
import { canonical } from "../evidence/canonical.ts";
import { type PublicKey, publicKeyOf, type SigningKey } from "../evidence/signing-key.ts";
import type { Target } from "../target.ts";

/** What an approver signs: to what exactly, when, and who. */
const statementSchema = z.strictObject({
  execution: z.string().min(1),
  approval: z.string().min(1),
  /** The digest of the figures that were shown: see digestOf. */
  digest: z.string().min(1),
  /** Milliseconds since 1970, by the approver's clock. */
  at: z.number().int(),
  /** As the target lists the key. */
  approver: z.string().min(1),
  by: whoSchema,
  because: z.string().min(1).optional(),
  /** Fingerprint of the key that signs. */
  key: z.string().min(1),
});

/** `signature`: Ed25519 over the SHA-256 of the statement's canonical JSON, base64url. */
export const signedFileSchema = z.strictObject({ ...statementSchema.shape, signature: z.string().min(1) });

export type Statement = z.infer<typeof statementSchema>;
export type SignedFile = z.infer<typeof signedFileSchema>;

const hashOf = (statement: Statement): string =>
  createHash("sha256").update(canonical(statement)).digest("hex");

export const signed = (statement: Statement, key: SigningKey): SignedFile => ({
  ...statement,
  signature: key.sign(hashOf(statement)),
});

/** As it is put in a folder or a bucket. */
export const textOf = (file: SignedFile): string => `${JSON.stringify(file, null, 2)}\n`;

export const isSignedBy = (key: PublicKey, statement: Statement, signature: string): boolean =>
  key.verifies(hashOf(statement), signature);

/**
 * Whether what a file holds answers what is asked now. Pure.
 * @param now milliseconds since 1970. @returns the answer, or why it does not count, in words.
 */
export function judgeFile(
  text: string,
  asked: Asked,
  { outdated }: Pick<Asking, "outdated">,
  approvers: NonNullable<Target["approvers"]>,
  now: number,
): Agreement | string {
  const parsed = signedFileSchema.safeParse(jsonOf(text));
  if (!parsed.success) return "it is no signed approval";
  const { signature, ...statement } = parsed.data;
  const { execution, approval, digest, at, approver, by, because, key } = statement;
  const listed = approvers
    .map(({ name, publicKey }) => ({ name, key: publicKeyOf(publicKey, `approver ${name}`) }))
    .find((candidate) => candidate.key.fingerprint === key);
  if (!listed) return `its key ${key} is none of the target's approvers`;
  if (!isSignedBy(listed.key, statement, signature)) return "it is not signed by the key that it names";
  if (listed.name !== approver) return `its key is ${listed.name}'s, and it says ${approver}`;
  if (execution !== asked.execution) return `it is for another execution, ${execution}`;
  if (approval !== asked.approval) return `it is for another approval, ${approval}`;
  if (outdated.has(digest)) return "it came too late: the figures that it agrees to count no longer";
  if (digest !== asked.digest) return "it is for other figures than those that are asked about";
  if (now > asked.until || at > asked.until)
    return `it came too late: the figures counted until ${new Date(asked.until).toISOString()}`;
  const why = because === undefined ? {} : { because };
  return { agreed: true, how: "file", by, approver, key, signedAt: at, signature, ...why };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
