import type { Epoch } from "@castle/regions/epoch.ts";
import { type ExecutionClaim, standingOf } from "@castle/regions/witness/claim.ts";
import type { Claims } from "@castle/regions/witness/claims.ts";
import { hasDied } from "./process-identity.ts";
import { tellWho } from "./who.ts";

/** Who has the right to act at this moment, as the witness tells. Instants in milliseconds since 1970, by the holder's clock. */
export type ClaimTold = Pick<
  ExecutionClaim,
  "execution" | "runbook" | "holder" | "since" | "leaseUntil" | "wantedBy"
>;

/** @returns null when nobody has it: no other execution would be kept out. @throws the witness's errors */
export async function claimHeld(claims: Pick<Claims, "read">, now: Epoch): Promise<ClaimTold | null> {
  const claim = (await claims.read())?.claim;
  if (!claim || standingOf(claim, now, hasDied) !== "held") return null;
  const { execution, runbook, holder, since, leaseUntil, wantedBy } = claim;
  return { execution, runbook, holder, since, leaseUntil, wantedBy };
}

/** Pure. @param now milliseconds since 1970 */
export function tellClaim(
  { runbook, execution, holder, since, leaseUntil, wantedBy }: ClaimTold,
  now: number,
): string {
  const left =
    leaseUntil >= now
      ? ""
      : "; it was not renewed in time by its holder's clock, so that the next command takes it over once its lease is seen to end";
  const wanted = wantedBy === null ? "" : `; ${wantedBy} asks it to make room`;
  return `${runbook} ${execution} holds the claim, begun by ${tellWho(holder)} at ${new Date(since).toISOString().slice(0, 19).replace("T", " ")} UTC: no other acts meanwhile${wanted}${left}`;
}
