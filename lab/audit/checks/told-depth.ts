import { parseAmount } from "@castle/services/kernel/domain/amount.ts";
import type { Side } from "@castle/services/kernel/domain/command.ts";
import type { PriceLevel, ToldDepthEvent, ToldDepthSnapshot } from "../../traders/records.ts";
import type { Findings } from "../findings.ts";
import type { Level, LevelHistory } from "../level-history.ts";

type FindBook = (symbol: string) => LevelHistory | undefined;

const sides = [
  ["BUY", "b"],
  ["SELL", "a"],
] as const;

/**
 * Every depth event tells what the replayed book holds after its last command, leaves out no level that it changed, and
 * follows the one before it on its connection without a gap.
 * @param events in the order in which they were told
 */
export function checkDepthEvents(events: Iterable<ToldDepthEvent>, find: FindBook, findings: Findings): void {
  const lastOf = new Map<string, number>();
  findings.checked("depth events", 0);
  for (const event of events) {
    findings.checked("depth events", 1);
    const { symbol, connection, U, u } = event;
    const what = `${symbol} depth ${U} to ${u}`;
    const chain = `${symbol} ${connection}`;
    const last = lastOf.get(chain);
    if (last !== undefined && U !== last + 1)
      findings.add("contradicted", `${what} follows ${last} on the same connection`);
    lastOf.set(chain, u);
    const because = eventContradiction(event, find(symbol));
    if (because !== null) findings.add("contradicted", `${what}: ${because}`);
  }
}

function eventContradiction(event: ToldDepthEvent, book: LevelHistory | undefined): string | null {
  const { U, u } = event;
  if (!book) return "no such market stands";
  if (u < U) return "it ends before it begins";
  if (u > book.lastSeq) return `the stream ends at ${book.lastSeq}`;
  for (const [side, field] of sides) {
    const told = new Set<bigint>();
    for (const [price, quantity] of event[field]) {
      const at = parseAmount(price);
      if (at === null) return `"${price}" is no price`;
      told.add(at);
      const stood = book.quantityAt(side, at, u);
      if (parseAmount(quantity) !== stood)
        return `${side} ${quantity} told at ${price}, ${stood} units stood there`;
    }
    const untold = book.changedBetween(U, u).find(([of, price]) => of === side && !told.has(price));
    if (untold) return `${side} at ${untold[1]} units changed and was not told`;
  }
  return null;
}

/** Every snapshot is the replayed book after its last command, best prices first, as deep as asked for. */
export function checkDepthSnapshots(
  snapshots: Iterable<ToldDepthSnapshot>,
  find: FindBook,
  findings: Findings,
): void {
  findings.checked("depth snapshots", 0);
  for (const snapshot of snapshots) {
    findings.checked("depth snapshots", 1);
    const { symbol, lastUpdateId, limit } = snapshot;
    const book = find(symbol);
    const because = !book
      ? "no such market stands"
      : lastUpdateId > book.lastSeq
        ? `the stream ends at ${book.lastSeq}`
        : (sideContradiction("BUY", snapshot.bids, book.side("BUY", lastUpdateId).slice(0, limit)) ??
          sideContradiction("SELL", snapshot.asks, book.side("SELL", lastUpdateId).slice(0, limit)));
    if (because !== null) findings.add("contradicted", `${symbol} snapshot at ${lastUpdateId}: ${because}`);
  }
}

function sideContradiction(side: Side, told: readonly PriceLevel[], stood: readonly Level[]): string | null {
  for (let at = 0; at < Math.max(told.length, stood.length); at++) {
    const [price, quantity] = told[at] ?? ["nothing", "0"];
    const level = stood[at];
    if (parseAmount(price) !== (level?.price ?? null) || parseAmount(quantity) !== (level?.quantity ?? 0n))
      return `${side} level ${at + 1} told as ${quantity} at ${price}, ${level ? `${level.quantity} at ${level.price} units` : "nothing"} stood there`;
  }
  return null;
}
