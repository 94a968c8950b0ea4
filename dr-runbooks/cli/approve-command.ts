import { makeApproverKey } from "../approvals/approver-key.ts";
import { findWaiting, isAskedAbout, type Waiting } from "../approvals/find-waiting.ts";
import { newFileName } from "../approvals/place.ts";
import { putEverywhere } from "../approvals/put-everywhere.ts";
import { signed } from "../approvals/signed-file.ts";
import { listExecutions } from "../engine/record.ts";
import { whoActs } from "../engine/who.ts";
import type { EvidenceBucket } from "../evidence/bucket/bucket.ts";
import { openBuckets } from "../evidence/bucket/open-buckets.ts";
import { publicKeyOf, readSigningKey, type SigningKey } from "../evidence/signing-key.ts";
import type { Target } from "../target.ts";
import { type CameOfIt, whatCameOfIt } from "./approve-outcome.ts";
import { agree, someoneIsThere } from "./ask.ts";
import { exitCode, reportError, UsageError, warn } from "./exit.ts";
import { executionNamed } from "./find-execution.ts";
import { findTarget } from "./find-target.ts";
import type { ApproveFlags } from "./register-approvals.ts";
import { tellAsking } from "./tell-approvals.ts";

/** `castle approve`. @returns the exit code */
export async function approveCommand(name: string | undefined, flags: ApproveFlags): Promise<number> {
  try {
    if (flags.keygen !== undefined) return await keygen(flags.keygen, flags.json ?? false);
    const target = await findTarget(flags, { recordsOnly: true });
    if (flags.list) return await list(target, flags.json ?? false);
    if (name === undefined)
      throw new UsageError("which execution? castle approve --list shows what waits for approval");
    return await approve(name, target, flags);
  } catch (error) {
    return reportError(error);
  }
}

async function keygen(keyFile: string, json: boolean): Promise<number> {
  const { fingerprint, ...listed } = await makeApproverKey(keyFile, whoActs().user);
  if (json) say([JSON.stringify({ fingerprint, ...listed })]);
  else
    say([
      `${keyFile} holds your private key, ${fingerprint}; keep it to yourself.`,
      "The target lists you so, under approvers:",
      `  ${JSON.stringify(listed)}`,
    ]);
  return exitCode.good;
}

async function list(target: Target, json: boolean): Promise<number> {
  const { buckets, close } = openBuckets(target);
  const { waiting, unseen } = await findWaiting(target.runsFolder, buckets, null).finally(close);
  warn(unseen);
  if (json) say([JSON.stringify(waiting.map(({ state, asking }) => ({ execution: state.id, ...asking })))]);
  else if (waiting.length === 0) say(["nothing waits for approval"]);
  else say(waiting.flatMap(({ state, asking }) => tellAsking(state.id, asking)));
  return exitCode.good;
}

async function approve(name: string, target: Target, flags: ApproveFlags): Promise<number> {
  const because = flags.because?.trim();
  if (because === "") throw new UsageError("--because is empty: say why, or leave it out");
  if (flags.key === undefined)
    throw new UsageError("an approval is signed: add --key FILE (castle approve --keygen FILE makes one)");
  const key = await keyIn(flags.key);
  const signer = { key, approver: listedAs(key, target), because };
  const { buckets, close } = openBuckets(target);
  try {
    const waiting = await waitingNamed(name, target, buckets);
    const { approval } = waiting.asking;
    if (flags.approval !== undefined && flags.approval !== approval)
      throw new UsageError(`${waiting.state.id} does not wait for ${flags.approval}, but for ${approval}`);
    if (!flags.json) say(tellAsking(waiting.state.id, waiting.asking));
    if (someoneIsThere() && !flags.json && !(await agree(`Approve ${approval}?`, "yes"))) {
      say(["nothing was signed"]);
      return exitCode.failed;
    }
    return await sign(waiting, signer, { runsFolder: target.runsFolder, buckets, json: flags.json ?? false });
  } finally {
    close();
  }
}

/** @throws UsageError when there is none, or it is altered. */
async function waitingNamed(
  name: string,
  { runsFolder }: Target,
  buckets: readonly EvidenceBucket[],
): Promise<Waiting> {
  // A number is one of this folder's list.
  const asked = /^\d+$/.test(name) ? executionNamed(name, await listExecutions(runsFolder)).id : name;
  const { waiting, known, unseen } = await findWaiting(runsFolder, buckets, asked);
  warn(unseen);
  const { id } = executionNamed(asked, known);
  const found = waiting.find(({ state }) => state.id === id);
  if (!found)
    throw new UsageError(
      `${id} waits for no approval at this moment; if its figures have grown old, whoever runs it asks about fresh ones`,
    );
  if (!isAskedAbout(found))
    throw new UsageError(
      `the record of ${id} shows other figures than those that it asks about: somebody altered it. Sign nothing, and run castle evidence verify`,
    );
  return found;
}

interface Signer {
  readonly key: SigningKey;
  readonly approver: string;
  readonly because: string | undefined;
}

async function sign(
  waiting: Waiting,
  { key, approver, because }: Signer,
  { runsFolder, buckets, json }: { runsFolder: string; buckets: readonly EvidenceBucket[]; json: boolean },
): Promise<number> {
  const { approval, digest } = waiting.asking;
  const statement = {
    ...{ execution: waiting.state.id, approval, digest, at: Date.now(), approver, by: whoActs() },
    ...{ key: key.fingerprint, ...(because === undefined ? {} : { because }) },
  };
  const file = newFileName(statement);
  const put = await putEverywhere(runsFolder, buckets, file, signed(statement, key));
  warn(put.failed);
  if (waiting.bucket && put.in.length === 0)
    throw new Error(`${waiting.state.id} is run on another machine, and no bucket took the approval`);
  return told(await whatCameOfIt(runsFolder, waiting, file), file, json);
}

async function keyIn(path: string): Promise<SigningKey> {
  try {
    return await readSigningKey(path);
  } catch (error) {
    throw new UsageError(
      `${path} cannot be signed with: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

/** @throws UsageError: whoever runs it would refuse the file, with the same reason. */
function listedAs({ fingerprint }: SigningKey, { name, approvers = [] }: Target): string {
  const listed = approvers.find(
    (approver) => publicKeyOf(approver.publicKey, `approver ${approver.name}`).fingerprint === fingerprint,
  );
  if (listed) return listed.name;
  throw new UsageError(
    `the key ${fingerprint} is none of ${name}'s approvers (${approvers.map((approver) => approver.name).join(", ") || "it lists none"}): have it listed in the target under approvers`,
  );
}

function told(came: CameOfIt, file: string, json: boolean): number {
  const result = came === "not yet" ? { kind: "filed" } : came;
  if (json) say([JSON.stringify({ ...result, file })]);
  else if (came === "not yet")
    say([`signed as ${file}; nobody has taken it yet. Whoever goes on with the execution in time does`]);
  else if (came.kind === "approval-given") say([`signed as ${file}, and taken: the run goes on`]);
  else process.stderr.write(`castle: ${file} was refused: ${came.because}\n`);
  return came !== "not yet" && came.kind === "approval-refused" ? exitCode.failed : exitCode.good;
}

const say = (lines: readonly string[]): void => {
  for (const line of lines) process.stdout.write(`${line}\n`);
};
