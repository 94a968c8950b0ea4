import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { approverMistake } from "../approvals/recorded.ts";
import { retentionOf } from "../evidence/bucket/open-buckets.ts";
import { verifyCopy } from "../evidence/bucket/verify-copy.ts";
import { keyFileIn, publicKeyFile } from "../evidence/signing-key.ts";
import { type Verdict, type VerifyOptions, verifyEvidence } from "../evidence/verify.ts";
import { bucketsNamed } from "./evidence-bucket-command.ts";
import { exitCode, reportError, UsageError } from "./exit.ts";
import { findTarget } from "./find-target.ts";
import type { EvidenceFlags } from "./register-evidence.ts";

/** `castle evidence verify`. @returns the exit code */
export async function verifyCommand(what: string | undefined, flags: EvidenceFlags): Promise<number> {
  try {
    if (flags.bucket !== undefined) return await verifyBuckets(what, { ...flags, bucket: flags.bucket });
    const verdict = await verifyEvidence(await optionsOf(what, flags));
    requireFound(what, verdict);
    return say(verdict, flags);
  } catch (error) {
    return reportError(error);
  }
}

async function verifyBuckets(
  what: string | undefined,
  flags: EvidenceFlags & { readonly bucket: string | true },
): Promise<number> {
  if (what !== undefined && (await isFolder(what)))
    throw new UsageError(`${what} is a folder: --bucket looks at the copy of the target's own records`);
  const publicKey = await trustedKey(flags);
  const target = await findTarget(flags);
  const { buckets, close } = bucketsNamed(target, flags.bucket === true ? undefined : flags.bucket);
  const { runsFolder: folder } = target;
  let worst: number = exitCode.good;
  try {
    for (const bucket of buckets) {
      const verdict = await verifyCopy({
        ...{ bucket, folder, only: what, notedHead: flags.head, retention: retentionOf(target) },
        mistakeIn: approverMistake(target.approvers ?? []),
        publicKey: publicKey ?? publicKeyFile(target.evidence?.keyFile ?? keyFileIn(folder)),
      });
      requireFound(what, verdict);
      worst = Math.max(worst, say(verdict, flags));
    }
  } finally {
    close();
  }
  return worst;
}

/** @throws UsageError when nothing is known of what was to be looked at: nothing green is to be told of that. */
function requireFound(what: string | undefined, { executions, green, folder, head }: Verdict): void {
  // A folder that was named is looked at whole.
  if (what === undefined || executions > 0 || !green || folder === resolve(what)) return;
  throw new UsageError(
    `there is no execution ${what} in ${folder}${head === null ? ": nothing was recorded there yet" : ", and no folder of that name"}`,
  );
}

function say(verdict: Verdict, { json }: EvidenceFlags): number {
  for (const line of json ? [JSON.stringify(verdict)] : tellVerdict(verdict))
    process.stdout.write(`${line}\n`);
  return verdict.green ? exitCode.good : exitCode.failed;
}

async function trustedKey({ key }: EvidenceFlags): Promise<string | undefined> {
  const trusted = key === undefined ? undefined : resolve(key);
  if (trusted !== undefined && !(await exists(trusted)))
    throw new UsageError(`there is no public key at ${trusted}`);
  return trusted;
}

async function optionsOf(what: string | undefined, flags: EvidenceFlags): Promise<VerifyOptions> {
  const trusted = await trustedKey(flags);
  if (what !== undefined && (await isFolder(what))) {
    const folder = resolve(what);
    const publicKey = trusted ?? publicKeyFile(keyFileIn(folder));
    return { folder, publicKey, notedHead: flags.head };
  }
  const target = await findTarget(flags, { recordsOnly: true });
  const folder = target.runsFolder;
  if (!(await isFolder(folder))) throw new UsageError(`${folder} is not there: nothing was recorded yet`);
  const publicKey = trusted ?? publicKeyFile(target.evidence?.keyFile ?? keyFileIn(folder));
  const mistakeIn = approverMistake(target.approvers ?? []);
  return { folder, publicKey, only: what, notedHead: flags.head, mistakeIn };
}

/** The verdict in words: a line for each problem, and one that sums up. */
export function tellVerdict({
  green,
  folder,
  key,
  problems,
  executions,
  lines,
  head,
}: Verdict): readonly string[] {
  if (!green)
    return [
      ...problems.map(({ file, line, what }) => `✗ ${file}${line === null ? "" : `, line ${line}`}: ${what}`),
      `✗ ${folder}: altered, in ${problems.length} ${problems.length === 1 ? "place" : "places"}`,
    ];
  if (head === null) return [`✓ ${folder}: nothing was recorded yet`];
  return [
    `✓ ${folder}: ${executions} ${executions === 1 ? "execution" : "executions"}, ${lines} lines, all as they were written`,
    `  signed by ${key}`,
    `  head      ${head}`,
  ];
}

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() ?? false;

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;
