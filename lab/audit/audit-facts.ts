import type { Audit } from "@castle/dr-runbooks/report/report.ts";
import { type AcceptedCommand, WALLET_STREAM } from "@castle/services/kernel/domain/command.ts";
import type { RecordKind, RecordTypes } from "../traders/records.ts";
import {
  CommandIndex,
  checkAcknowledgements,
  checkRefusals,
  type FencedHandover,
} from "./checks/acknowledgements.ts";
import { checkCommandLog } from "./checks/command-log.ts";
import { checkOrders, checkOutcomes, checkTrades } from "./checks/effects.ts";
import { MoneyCheck } from "./checks/money.ts";
import { checkDepthEvents, checkDepthSnapshots } from "./checks/told-depth.ts";
import { checkToldFills } from "./checks/told-fills.ts";
import { checkToldOrders } from "./checks/told-orders.ts";
import { type ExpectedStream, replayStream } from "./expected.ts";
import { Findings } from "./findings.ts";
import type { StandingLedger, StandingOrder, StandingStream, StandingTrade } from "./standing.ts";

/** Everything that was told, one kind at a time, in the order in which it was told. */
export type Told = <Kind extends RecordKind>(kind: Kind) => Promise<readonly RecordTypes[Kind][]>;

export interface Facts {
  readonly ledger: StandingLedger;
  readonly told: Told;
  /** The markets that were traded. */
  readonly symbols: readonly string[];
  readonly handovers: readonly FencedHandover[];
}

/** One stream as it stands, with what the replay comes to. */
interface AuditedStream {
  readonly log: readonly AcceptedCommand[];
  readonly expected: ExpectedStream;
  readonly orders: ReadonlyMap<number, StandingOrder>;
  readonly trades: ReadonlyMap<number, StandingTrade>;
}

type Streams = ReadonlyMap<string, AuditedStream>;

/**
 * Whether anything was lost, doubled, contradicted or made up: replays the surviving command log through the reference
 * engine, compares what stands with it, and what the traders were told with both.
 */
export async function auditFacts(facts: Facts): Promise<Audit> {
  const findings = new Findings();
  const streams = await auditLedger(facts, findings);
  await auditTold(facts, streams, findings);
  return findings.result();
}

/** The ledger in itself: the log, its effects, the money. */
async function auditLedger({ ledger, symbols }: Facts, findings: Findings): Promise<Streams> {
  const standing = await ledger.streams();
  checkCommandLog(standing, symbols, findings);
  const streams = new Map<string, AuditedStream>();
  for (const stream of standing) streams.set(stream.stream, await auditStream(ledger, stream, findings));

  const audited = [...streams.values()];
  const money = new MoneyCheck(
    audited.map(({ expected }) => expected),
    findings,
  );
  for await (const postings of ledger.postings()) money.postings(postings);
  money.finish(
    await ledger.balances(),
    audited.flatMap(({ orders }) => [...orders.values()]),
  );
  return streams;
}

async function auditStream(
  ledger: StandingLedger,
  standing: StandingStream,
  findings: Findings,
): Promise<AuditedStream> {
  const { stream } = standing;
  const expected = replayStream(standing);
  const trades = await ledger.trades(stream);
  const orders = await ledger.orders(stream);
  checkOutcomes(expected, await ledger.outcomes(stream), findings);
  if (stream !== WALLET_STREAM) {
    checkTrades(expected, trades, findings);
    checkOrders(expected, orders, findings);
  }
  return {
    log: standing.commands,
    expected,
    trades: new Map(trades.map((trade) => [trade.tradeId, trade])),
    orders: new Map(orders.map((order) => [order.orderId, order])),
  };
}

/** What the traders were told against what stands. */
async function auditTold({ told, handovers }: Facts, streams: Streams, findings: Findings): Promise<void> {
  const index = new CommandIndex([...streams.values()].flatMap(({ log }) => log));
  const book = (symbol: string) => streams.get(symbol)?.expected.levels;

  checkAcknowledgements(await told("acknowledgements"), index, handovers, findings);
  checkRefusals(
    await told("refusals"),
    index,
    (stream, seq) => (streams.get(stream)?.expected.outcomes[seq - 1]?.error ?? null) !== null,
    findings,
  );
  checkToldOrders(
    await told("orders"),
    (symbol, orderId) => {
      const stream = streams.get(symbol);
      const standing = stream?.orders.get(orderId);
      return standing && { standing, expected: stream?.expected.orders.get(orderId) };
    },
    findings,
  );
  checkToldFills(await told("fills"), (symbol, id) => streams.get(symbol)?.trades.get(id), findings);
  checkDepthEvents(await told("depthEvents"), book, findings);
  checkDepthSnapshots(await told("depthSnapshots"), book, findings);
}
