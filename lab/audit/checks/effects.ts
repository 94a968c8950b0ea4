import { isDeepStrictEqual } from "node:util";
import type { ExpectedStream } from "../expected.ts";
import type { Findings } from "../findings.ts";
import type { StandingOrder, StandingOutcome, StandingTrade } from "../standing.ts";

/**
 * What the engines wrote against what the replay comes to. What the replay does not contain, or contains once and
 * stands twice, is a duplicated effect; what it contains and does not stand, or stands differently, is contradicted.
 */
export function checkOutcomes(
  { stream, outcomes, unknown }: ExpectedStream,
  standing: Iterable<StandingOutcome>,
  findings: Findings,
): void {
  const seen = new Set<number>();
  findings.checked("outcomes", 0);
  for (const { seq, body } of standing) {
    findings.checked("outcomes", 1);
    const what = `the outcome of ${stream} ${seq}`;
    const wanted = outcomes[seq - 1];
    if (unknown(seq)) continue;
    if (!wanted) findings.add("duplicatedEffects", `${what} stands, and the replay does not come to it`);
    else if (seen.has(seq)) findings.add("duplicatedEffects", `${what} stands more than once`);
    else if (body !== JSON.stringify(wanted) && !isDeepStrictEqual(JSON.parse(body), wanted))
      findings.add(
        "contradicted",
        `${what} is ${brief(body)}; the replay comes to ${brief(JSON.stringify(wanted))}`,
      );
    seen.add(seq);
  }
  for (const { seq } of outcomes)
    if (!seen.has(seq)) findings.add("contradicted", `${stream} ${seq} was applied and has no outcome`);
}

export function checkTrades(
  expected: ExpectedStream,
  standing: Iterable<StandingTrade>,
  findings: Findings,
): void {
  const known = withoutUnknown(standing, ({ seq }) => expected.unknown(seq));
  checkRows("trade", known, ({ tradeId }) => tradeId, expected.trades, findings);
}

export function checkOrders(
  expected: ExpectedStream,
  standing: Iterable<StandingOrder>,
  findings: Findings,
): void {
  const finals = new Map([...expected.orders].map(([id, { final }]) => [id, final]));
  const known = withoutUnknown(standing, ({ orderId }) => expected.unknown(orderId));
  checkRows("order", known, ({ orderId }) => orderId, finals, findings);
}

const withoutUnknown = <Row>(rows: Iterable<Row>, unknown: (row: Row) => boolean): Row[] =>
  [...rows].filter((row) => !unknown(row));

function checkRows<Row extends { readonly symbol: string }>(
  kind: "trade" | "order",
  standing: Iterable<Row>,
  idOf: (row: Row) => number,
  expected: ReadonlyMap<number, Row>,
  findings: Findings,
): void {
  const seen = new Set<number>();
  findings.checked(`${kind}s`, 0);
  for (const row of standing) {
    findings.checked(`${kind}s`, 1);
    const id = idOf(row);
    const what = `${row.symbol} ${kind} ${id}`;
    const wanted = expected.get(id);
    if (!wanted) findings.add("duplicatedEffects", `${what} stands, and the replay does not come to it`);
    else if (seen.has(id)) findings.add("duplicatedEffects", `${what} stands more than once`);
    else {
      const because = difference(row, wanted);
      if (because !== null) findings.add("contradicted", `${what} differs from the replay: ${because}`);
    }
    seen.add(id);
  }
  for (const [id, { symbol }] of expected)
    if (!seen.has(id))
      findings.add("contradicted", `${symbol} ${kind} ${id} does not stand, and the replay comes to it`);
}

function difference<Row extends object>(standing: Row, wanted: Row): string | null {
  const fields = (Object.keys(wanted) as (keyof Row & string)[]).filter(
    (field) => standing[field] !== wanted[field],
  );
  return fields.map((field) => `${field} ${standing[field]}, not ${wanted[field]}`).join("; ") || null;
}

const brief = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);
