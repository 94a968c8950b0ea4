import type { AcceptedCommand } from "../../kernel/domain/command.ts";
import type { Outcome } from "../../kernel/domain/outcome.ts";

/** The outcome of a command that changed nothing yet. */
export function blankOutcome(accepted: AcceptedCommand): Outcome {
  const { stream, seq, epoch, accountId, clientId, acceptedAt, command } = accepted;
  return {
    stream,
    seq,
    epoch,
    accountId,
    clientId,
    kind: command.kind,
    time: acceptedAt,
    reports: [],
    trades: [],
    levels: [],
    error: null,
  };
}
