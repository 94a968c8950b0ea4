import { setTimeout as sleep } from "node:timers/promises";
import { seconds } from "@castle/regions/duration.ts";
import { makeApproverKey } from "../approvals/approver-key.ts";
import { fileApproval } from "../approvals/folder.ts";
import { signed } from "../approvals/signed-file.ts";
import type { EventOf } from "../engine/event.ts";
import { heldExecutions } from "../engine/lock.ts";
import { listExecutions } from "../engine/record.ts";
import { approvalIn, openAsking } from "../engine/state.ts";
import { whoActs } from "../engine/who.ts";
import { publicKeyOf, readSigningKey, type SigningKey } from "../evidence/signing-key.ts";
import type { Target } from "../target.ts";
import { agree, someoneIsThere } from "./ask.ts";
import { exitCode, reportError, UsageError } from "./exit.ts";
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

async function list({ runsFolder }: Target, json: boolean): Promise<number> {
  const now = Date.now();
  const waiting = (await listExecutions(runsFolder)).flatMap((state) => {
    const asking = openAsking(state, now);
    return asking ? [{ execution: state.id, ...asking }] : [];
  });
  if (json) say([JSON.stringify(waiting)]);
  else if (waiting.length === 0) say(["nothing waits for approval"]);
  else say(waiting.flatMap(({ execution, ...asking }) => tellAsking(execution, asking)));
  return exitCode.good;
}

async function approve(name: string, target: Target, flags: ApproveFlags): Promise<number> {
  const { runsFolder } = target;
  const because = flags.because?.trim();
  if (because === "") throw new UsageError("--because is empty: say why, or leave it out");
  if (flags.key === undefined)
    throw new UsageError("an approval is signed: add --key FILE (castle approve --keygen FILE makes one)");
  const key = await keyIn(flags.key);
  const approver = listedAs(key, target);
  const state = executionNamed(name, await listExecutions(runsFolder));
  const asking = openAsking(state, Date.now());
  if (!asking)
    throw new UsageError(
      `${state.id} waits for no approval at this moment; if its figures have grown old, whoever runs it asks about fresh ones`,
    );
  const { approval, digest } = asking;
  if (flags.approval !== undefined && flags.approval !== approval)
    throw new UsageError(`${state.id} does not wait for ${flags.approval}, but for ${approval}`);
  if (!flags.json) say(tellAsking(state.id, asking));
  if (someoneIsThere() && !flags.json && !(await agree(`Approve ${approval}?`, "yes"))) {
    say(["nothing was signed"]);
    return exitCode.failed;
  }
  const statement = {
    ...{ execution: state.id, approval, digest, at: Date.now(), approver, by: whoActs() },
    ...{ key: key.fingerprint, ...(because === undefined ? {} : { because }) },
  };
  const file = await fileApproval(runsFolder, signed(statement, key));
  return told(await whatCameOfIt(target, { id: state.id, approval, file }), file, flags.json ?? false);
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

type CameOfIt = EventOf<"approval-given" | "approval-refused"> | "not yet";

/** Somebody who waits looks several times a second. */
const TAKEN_WITHIN = seconds(10);

async function whatCameOfIt(
  { runsFolder }: Target,
  { id, approval, file }: { readonly id: string; readonly approval: string; readonly file: string },
): Promise<CameOfIt> {
  const deadline = performance.now() + TAKEN_WITHIN.ms;
  for (;;) {
    const state = (await listExecutions(runsFolder)).find((execution) => execution.id === id);
    if (!state) return "not yet";
    const { given, refused } = approvalIn(state, approval);
    if (given?.file === file) return given;
    const no = refused.find((refusal) => refusal.file === file);
    if (no) return no;
    if (performance.now() > deadline || !(await heldExecutions(runsFolder)).has(id)) return "not yet";
    await sleep(100);
  }
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
