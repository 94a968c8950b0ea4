import { holdPostings } from "@castle/services/kernel/database/command-log.ts";
import { FIRST_ENGINE_LEG } from "@castle/services/kernel/database/postings.ts";
import { formatAmount } from "@castle/services/kernel/domain/amount.ts";
import { EXTERNAL_ACCOUNT, type StreamId } from "@castle/services/kernel/domain/command.ts";
import type { BalanceDelta } from "@castle/services/matching-engine/settlement/balance-delta.ts";
import type { ExpectedStream } from "../expected.ts";
import type { Findings } from "../findings.ts";
import {
  isOpenStatus,
  type StandingBalance,
  type StandingLeg,
  type StandingOrder,
  type StandingPostings,
} from "../standing.ts";

/** Sums under a text key. */
type Sums = Map<string, bigint>;

const add = (sums: Sums, key: string, amount: bigint): void => {
  sums.set(key, (sums.get(key) ?? 0n) + amount);
};

/** Follows every posting once, in any order of commands, and then says whether money was conserved. */
export class MoneyCheck {
  readonly #streams: ReadonlyMap<StreamId, ExpectedStream>;
  readonly #findings: Findings;
  readonly #perAsset: Sums = new Map();
  readonly #perBalance: Sums = new Map();
  readonly #seen = new Map<StreamId, Set<number>>();

  constructor(streams: readonly ExpectedStream[], findings: Findings) {
    this.#streams = new Map(streams.map((expected) => [expected.stream, expected]));
    this.#findings = findings;
    findings.checked("postings", 0);
  }

  /** All postings of one command. */
  postings({ stream, seq, legs }: StandingPostings): void {
    this.#findings.checked("postings", legs.length);
    const what = `${stream} ${seq}`;
    const ownSums: Sums = new Map();
    for (const { accountId, asset, bucket, amount } of legs) {
      add(ownSums, asset, amount);
      add(this.#perAsset, asset, amount);
      add(this.#perBalance, `${accountId} ${asset} ${bucket}`, amount);
    }
    for (const [asset, sum] of ownSums)
      if (sum !== 0n)
        this.#findings.add(
          "conserved",
          `the postings of ${what} sum to ${formatAmount(sum)} ${asset}, not to 0`,
        );
    const seen = this.#seen.get(stream) ?? new Set();
    this.#seen.set(stream, seen.add(seq));
    this.#compare(what, stream, seq, legs);
  }

  /** Every posting has been shown. */
  finish(balances: readonly StandingBalance[], orders: Iterable<StandingOrder>): void {
    const findings = this.#findings;
    for (const [asset, sum] of this.#perAsset)
      if (sum !== 0n)
        findings.add("conserved", `all postings of ${asset} sum to ${formatAmount(sum)}, not to 0`);
    for (const [stream, { deltas, commands }] of this.#streams)
      for (const accepted of commands) {
        const moves = (deltas[accepted.seq - 1]?.length ?? 0) + holdPostings(accepted).length > 0;
        if (moves && !this.#seen.get(stream)?.has(accepted.seq))
          findings.add("conserved", `${stream} ${accepted.seq} moved money and stands without postings`);
      }
    this.#checkBalances(balances);
    checkHolds(balances, holdsOf(orders), findings);
  }

  /** Legs once each, the hold as accepted, and together what the replay says. */
  #compare(what: string, stream: StreamId, seq: number, legs: readonly StandingLeg[]): void {
    const expected = this.#streams.get(stream);
    const accepted = expected?.commands[seq - 1];
    let previous = -1;
    for (const { leg } of legs) {
      if (leg === previous)
        this.#findings.add("duplicatedEffects", `posting ${leg} of ${what} stands more than once`);
      previous = leg;
    }
    if (!expected || !accepted) {
      if (!expected?.unknown(seq))
        this.#findings.add("duplicatedEffects", `postings of ${what} stand for no command`);
      return;
    }
    const hold = legs.filter(({ leg }) => leg < FIRST_ENGINE_LEG);
    const wantedHold = holdPostings(accepted);
    if (textOf(hold) !== textOf(wantedHold))
      this.#findings.add(
        "conserved",
        `the hold of ${what} is ${textOf(hold)}, accepted was ${textOf(wantedHold)}`,
      );
    const settled = sumsOf(legs.filter(({ leg }) => leg >= FIRST_ENGINE_LEG));
    const wanted = deltaSums(expected.deltas[seq - 1] ?? []);
    if (sumText(settled) !== sumText(wanted))
      this.#findings.add(
        "conserved",
        `${what} posted ${sumText(settled)}; the replay comes to ${sumText(wanted)}`,
      );
  }

  #checkBalances(balances: readonly StandingBalance[]): void {
    const findings = this.#findings;
    findings.checked("balances", balances.length);
    const unseen = new Set(this.#perBalance.keys());
    for (const balance of balances)
      for (const bucket of ["free", "locked"] as const) {
        const key = `${balance.accountId} ${balance.asset} ${bucket}`;
        unseen.delete(key);
        const posted = this.#perBalance.get(key) ?? 0n;
        if (balance[bucket] !== posted)
          findings.add(
            "conserved",
            `balance ${key} is ${formatAmount(balance[bucket])}, its postings sum to ${formatAmount(posted)}`,
          );
        if (balance[bucket] < 0n && balance.accountId !== EXTERNAL_ACCOUNT)
          findings.add("negativeBalances", `balance ${key} is ${formatAmount(balance[bucket])}`);
      }
    for (const key of unseen)
      if (this.#perBalance.get(key) !== 0n)
        findings.add("conserved", `there are postings to ${key}, and no such balance`);
  }
}

function holdsOf(orders: Iterable<StandingOrder>): Sums {
  const held: Sums = new Map();
  for (const { accountId, holdAsset, holdLeft, status } of orders)
    if (isOpenStatus(status)) add(held, `${accountId} ${holdAsset}`, BigInt(holdLeft));
  return held;
}

/** What is locked is what open orders hold, to the smallest unit. */
function checkHolds(balances: readonly StandingBalance[], held: Sums, findings: Findings): void {
  const unseen = new Set(held.keys());
  for (const { accountId, asset, locked } of balances) {
    const key = `${accountId} ${asset}`;
    const holds = held.get(key) ?? 0n;
    unseen.delete(key);
    if (locked !== holds)
      findings.add(
        "conserved",
        `account ${accountId} has ${formatAmount(locked)} ${asset} locked, its open orders hold ${formatAmount(holds)}`,
      );
  }
  for (const key of unseen)
    findings.add(
      "conserved",
      `open orders hold ${formatAmount(held.get(key) ?? 0n)} of ${key}, and no such balance stands`,
    );
}

const textOf = (legs: readonly StandingLeg[]): string =>
  legs.map((l) => `${l.leg}: ${l.accountId} ${l.asset} ${l.bucket} ${l.amount}`).join(", ") || "nothing";

function sumsOf(legs: readonly StandingLeg[]): Sums {
  const sums: Sums = new Map();
  for (const { accountId, asset, bucket, amount } of legs)
    add(sums, `${accountId} ${asset} ${bucket}`, amount);
  return sums;
}

function deltaSums(deltas: readonly BalanceDelta[]): Sums {
  const sums: Sums = new Map();
  for (const { accountId, asset, free, locked } of deltas) {
    add(sums, `${accountId} ${asset} free`, free);
    add(sums, `${accountId} ${asset} locked`, locked);
  }
  return sums;
}

const sumText = (sums: Sums): string =>
  [...sums]
    .filter(([, amount]) => amount !== 0n)
    .map(([key, amount]) => `${key} ${amount}`)
    .sort()
    .join(", ") || "nothing";
