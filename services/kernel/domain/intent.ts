import {
  type AccountId,
  type Command,
  decodeCommand,
  encodeCommand,
  type IdempotentCommand,
  type StreamId,
} from "./command.ts";

/** A cancel that names its order by client order id: sequencing finds out which one that is. */
export interface CancelByClientId extends IdempotentCommand {
  readonly kind: "cancel-by-client-id";
  readonly origClientOrderId: string;
}

/** What somebody asks to have accepted. */
export interface Intent {
  readonly stream: StreamId;
  readonly accountId: AccountId;
  readonly clientId: string;
  readonly command: Command | CancelByClientId;
}

/** Why an intent is not accepted. */
export type RefusalReason =
  | "insufficient-funds"
  | "unknown-order"
  | "cancel-only"
  | "closed"
  /** The gate is open; the engine has more waiting than it may hold. */
  | "overloaded"
  /** An open order of the account has this client order id. */
  | "duplicate-order"
  | "too-many-orders"
  /** A MARKET buy by quantity, and nothing has traded yet to reckon its cost by. */
  | "no-last-price"
  /** The Idempotency-Key, or the reference, was used before for something else. */
  | "key-reused"
  /** Whether it was sent before could not be read. */
  | "first-result-unknown"
  | "unknown-stream"
  /** The gateway let through what cannot be matched: a defect. */
  | "malformed";

export const encodeIntentCommand = (command: Intent["command"]): string =>
  command.kind === "cancel-by-client-id" ? JSON.stringify(command) : encodeCommand(command);

/** The reverse of {@link encodeIntentCommand}. @throws Error for what is no command */
export function decodeIntentCommand(text: string): Intent["command"] {
  return text.startsWith('{"kind":"cancel-by-client-id"') ? JSON.parse(text) : decodeCommand(text);
}
