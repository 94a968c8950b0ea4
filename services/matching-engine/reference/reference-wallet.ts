import { type AcceptedCommand, EXTERNAL_ACCOUNT } from "../../kernel/domain/command.ts";
import { refusals } from "../refusals.ts";
import { blankOutcome } from "./blank-outcome.ts";
import type { ReferenceResult } from "./reference-engine.ts";

/** The wallet stream once more, from its first command on: it remembers every account that was opened. */
export class ReferenceWallet {
  readonly #taken = new Set<string>();

  /** @throws Error when the command is not one of the wallet stream. */
  apply(accepted: AcceptedCommand): ReferenceResult {
    const { command, accountId } = accepted;
    const outcome = blankOutcome(accepted);
    if (command.kind === "deposit") {
      const { asset, amount } = command;
      return {
        outcome,
        deltas: [
          { accountId: EXTERNAL_ACCOUNT, asset, free: -amount, locked: 0n },
          { accountId, asset, free: amount, locked: 0n },
        ],
      };
    }
    if (command.kind !== "open-account")
      throw new Error(`${accepted.stream} ${accepted.seq}: a ${command.kind} belongs in a symbol's stream`);
    const names = [`account ${accountId}`, `key ${command.apiKey}`];
    if (names.some((name) => this.#taken.has(name)))
      return { outcome: { ...outcome, error: refusals.accountExists }, deltas: [] };
    for (const name of names) this.#taken.add(name);
    return { outcome, deltas: [] };
  }
}
