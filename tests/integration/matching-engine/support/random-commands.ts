import type { AccountId, Command } from "@castle/services/kernel/domain/command.ts";
import fc from "fast-check";
import { randomStream } from "../../../unit/matching-engine/support/random-stream.ts";

/** Some thousand commands of BTCUSDT, the same for the same seed. */
export const randomCommands = (seed: number): (readonly [AccountId, Command])[] =>
  fc
    .sample(randomStream, { numRuns: 20, seed })
    .flatMap((stream) => stream.map(({ accountId, command }) => [accountId, command] as const));

/** The same command on ETHUSDT, whose quantities move in steps ten times as large. */
export function onEthereum(command: Command): Command {
  if (command.kind !== "place") return command;
  const { quantity, quoteBudget, hold } = command;
  return {
    ...command,
    quantity: quantity && quantity * 10n,
    quoteBudget: quoteBudget && quoteBudget * 10n,
    hold: { asset: hold.asset === "BTC" ? "ETH" : hold.asset, amount: hold.amount * 10n },
  };
}
