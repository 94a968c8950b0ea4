import { type AcceptedCommand, type StreamId, WALLET_STREAM } from "../../kernel/domain/command.ts";
import type { Outcome } from "../../kernel/domain/outcome.ts";
import { symbolNamed } from "../../kernel/domain/symbols.ts";
import { ReferenceEngine, type ReferenceResult } from "./reference-engine.ts";
import { ReferenceWallet } from "./reference-wallet.ts";

/**
 * Runs a whole stream through the reference, lazily: one outcome for each command, equal to what the engine recorded
 * (`outcome.body`) if the engine is right.
 * @param stream a symbol's name, or the wallet stream.
 * @param commands every command of the stream from seq 1 on, in order.
 * @throws Error when the stream is unknown, or a command is missing or out of place.
 */
export function* replay(stream: StreamId, commands: Iterable<AcceptedCommand>): Generator<Outcome> {
  for (const { outcome } of replayWithBalances(stream, commands)) yield outcome;
}

/** As {@link replay}, with what each command does to balances beyond the hold made at its acceptance. */
export function* replayWithBalances(
  stream: StreamId,
  commands: Iterable<AcceptedCommand>,
): Generator<ReferenceResult> {
  const engine = stream === WALLET_STREAM ? new ReferenceWallet() : new ReferenceEngine(symbolNamed(stream));
  let expected = 1;
  for (const accepted of commands) {
    if (accepted.stream !== stream || accepted.seq !== expected)
      throw new Error(
        `replay of ${stream} wants its command ${expected} next, got ${accepted.stream} ${accepted.seq}; give every command from 1 on, in order`,
      );
    expected += 1;
    yield engine.apply(accepted);
  }
}
