import type { EventOf, ExecutionEvent } from "../engine/event.ts";
import { publicKeyOf } from "../evidence/signing-key.ts";
import type { Target } from "../target.ts";
import { isSignedBy, type Statement } from "./signed-file.ts";

/**
 * What a record tells of approvals by signed files, held against the keys of those who may approve: the runner's own
 * signature shows that the record is as it was written, this that the runner did not make the approval up. Pure.
 * @returns why an event does not stand, in words; null for one that does, and for every other event.
 */
export const approverMistake =
  (approvers: NonNullable<Target["approvers"]>) =>
  (execution: string, event: ExecutionEvent): string | null => {
    if (event.kind !== "approval-given" || event.how !== "file") return null;
    const statement = statementOf(execution, event);
    if (!statement || event.signature === undefined)
      return "tells of a signed approval without its signature";
    const listed = approvers
      .map(({ name, publicKey }) => publicKeyOf(publicKey, `approver ${name}`))
      .find(({ fingerprint }) => fingerprint === statement.key);
    if (!listed) return `is approved with the key ${statement.key}, which is none of the approvers'`;
    return isSignedBy(listed, statement, event.signature)
      ? null
      : "is not what the approver signed: execution, approval, figures, time or person are others";
  };

function statementOf(execution: string, event: EventOf<"approval-given">): Statement | null {
  const { approval, digest, signedAt: at, approver, by, because, key } = event;
  if (at === undefined || approver === undefined || key === undefined) return null;
  const why = because === undefined ? {} : { because };
  return { execution, approval, digest, at, approver, by, key, ...why };
}
