import { DECIMALS, parseAmount } from "@castle/services/kernel/domain/amount.ts";
import { WALLET_STREAM } from "@castle/services/kernel/domain/command.ts";
import type { Intent } from "@castle/services/kernel/domain/intent.ts";
import { symbols } from "@castle/services/kernel/domain/symbols.ts";
import { seal } from "@castle/services/kernel/seal.ts";
import express, { type Router } from "express";
import { z } from "zod";
import type { Acceptance } from "../accept.ts";

const assets = [...new Set(symbols.flatMap((symbol) => [symbol.base, symbol.quote]))];

const amount = z.string().transform((text, check) => {
  const parsed = parseAmount(text);
  if (parsed !== null && parsed > 0n) return parsed;
  check.addIssue({ code: "custom", message: `must be a decimal above 0 with at most ${DECIMALS} decimals` });
  return z.NEVER;
});

const accountId = z.number().int().positive();

const walletCommands = z.object({
  commands: z
    .array(
      z.discriminatedUnion("kind", [
        z.object({
          kind: z.literal("open-account"),
          accountId,
          apiKey: z.string().regex(/^[A-Za-z0-9]{16,64}$/),
          secret: z.string().min(16).max(128),
        }),
        z.object({
          kind: z.literal("deposit"),
          accountId,
          reference: z.string().min(1).max(64),
          asset: z.enum(assets),
          amount,
        }),
      ]),
    )
    .min(1)
    .max(2_000),
});

type WalletCommand = z.infer<typeof walletCommands>["commands"][number];

/**
 * What custody asks of the wallet stream, from inside the cell: accounts opened, deposits that arrived. Each is a
 * command like any other: durable before it is answered, harmless when repeated (an account's own id, a deposit's
 * reference). All mistakes of a body are told at once, and then nothing of it is done.
 */
export function mountWalletCommands(router: Router, acceptance: Acceptance, sealKey: Buffer): void {
  router.post("/internal/v1/wallet-commands", express.json({ limit: "1mb" }), async (request, response) => {
    const parsed = walletCommands.safeParse(request.body);
    if (!parsed.success) {
      const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
      response.status(400).json({ problems });
      return;
    }
    const accepted = await Promise.all(
      parsed.data.commands.map((command) => acceptance.accept(toIntent(command, sealKey))),
    );
    response.json({ results: accepted.map(({ seq }) => ({ stream: WALLET_STREAM, seq })) });
  });
}

function toIntent(command: WalletCommand, sealKey: Buffer): Intent {
  const intent = { stream: WALLET_STREAM, accountId: command.accountId };
  if (command.kind === "deposit") {
    const { kind, asset, amount, reference } = command;
    return { ...intent, clientId: reference, command: { kind, asset, amount } };
  }
  const { kind, apiKey, secret } = command;
  return { ...intent, clientId: "open", command: { kind, apiKey, sealedSecret: seal(sealKey, secret) } };
}
