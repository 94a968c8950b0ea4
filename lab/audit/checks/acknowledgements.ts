import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import type { Acknowledgement, ToldRefusal } from "../../traders/records.ts";
import type { Findings } from "../findings.ts";

/** A handover that happened: from `fencedAt` on, no older epoch may acknowledge anything. */
export interface FencedHandover {
  /** The epoch that the handover began. */
  readonly epoch: number;
  /** When the fence of that epoch stood: milliseconds since 1970. */
  readonly fencedAt: number;
}

/** Finds a command by who sent it and how it was named. */
export class CommandIndex {
  readonly #commands = new Map<string, AcceptedCommand>();

  constructor(commands: Iterable<AcceptedCommand>) {
    for (const accepted of commands)
      this.#commands.set(key(accepted.accountId, accepted.command.kind, accepted.clientId), accepted);
  }

  find(accountId: number, kind: "place" | "cancel", clientId: string): AcceptedCommand | undefined {
    return this.#commands.get(key(accountId, kind, clientId));
  }
}

const key = (accountId: number, kind: string, clientId: string): string => `${accountId} ${kind} ${clientId}`;

/** Every acknowledged command stands where the trader was told; none was acknowledged in an epoch that was over. */
export function checkAcknowledgements(
  acknowledgements: Iterable<Acknowledgement>,
  index: CommandIndex,
  handovers: readonly FencedHandover[],
  findings: Findings,
): void {
  findings.checked("acknowledgements", 0);
  for (const told of acknowledgements) {
    findings.checked("acknowledgements", 1);
    const accepted = index.find(told.accountId, told.kind, told.clientOrderId);
    const because = missing(told, accepted);
    if (because !== null) findings.add("lostAcknowledged", `${describe(told)}: ${because}`);
    if (told.by !== "answer" || told.epoch === null) continue;
    const over = endOf(told.epoch, handovers);
    // A command that stands under this epoch was durable before the fence; only its answer took its time.
    const stands = because === null && accepted !== undefined && accepted.epoch <= told.epoch;
    if (over !== null && told.t > over && !stands)
      findings.add(
        "staleEpochAcknowledged",
        `${describe(told)}, ${Math.round(told.t - over)} ms after that epoch was fenced off`,
      );
  }
}

/** Why an acknowledged command does not stand as told; null when it does. */
function missing(told: Acknowledgement, accepted: AcceptedCommand | undefined): string | null {
  if (!accepted) return "no such command stands";
  if (accepted.stream !== told.symbol) return `it stands in stream ${accepted.stream}`;
  if (told.orderId === null) return null;
  const { command } = accepted;
  const orderId = command.kind === "cancel" ? command.orderId : accepted.seq;
  return orderId === told.orderId ? null : `told as order ${told.orderId}, it stands for order ${orderId}`;
}

/** When an epoch was fenced off by the first that followed it; null when it never was. */
function endOf(epoch: number, handovers: readonly FencedHandover[]): number | null {
  const ends = handovers.filter((handover) => handover.epoch > epoch).map(({ fencedAt }) => fencedAt);
  return ends.length === 0 ? null : Math.min(...ends);
}

const describe = ({ kind, clientOrderId, accountId, symbol, region, epoch }: Acknowledgement): string =>
  `${kind} "${clientOrderId}" of account ${accountId} in ${symbol}, acknowledged by ${region ?? "?"} in epoch ${epoch ?? "?"}`;

/** Whatever was refused had no effect: it does not stand, or its outcome is the refusal. */
export function checkRefusals(
  refusals: Iterable<ToldRefusal>,
  index: CommandIndex,
  /** Whether the engine refused the command that stands there. */
  refusedByEngine: (stream: string, seq: number) => boolean,
  findings: Findings,
): void {
  for (const { accountId, kind, clientOrderId, code } of refusals) {
    const accepted = index.find(accountId, kind, clientOrderId);
    if (accepted && !refusedByEngine(accepted.stream, accepted.seq))
      findings.add(
        "contradicted",
        `${kind} "${clientOrderId}" of account ${accountId} was refused (${code}), and took effect as ${accepted.stream} ${accepted.seq}`,
      );
  }
}
