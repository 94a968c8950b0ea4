import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import { unexplainedBalances } from "./balances.ts";
import { compareStretch } from "./compare.ts";
import {
  type CommandDifference,
  type Difference,
  type FoundDifference,
  withoutSecrets,
} from "./difference.ts";
import { BLOCK, type Ledger, type LedgerIdentity, type LedgerStream } from "./ledger.ts";
import type { Row } from "./rows.ts";
import { NO_TAIL, type Tail, withCommand } from "./tail.ts";
import { type AccountTotal, Totals } from "./totals.ts";

/** Where one stream's two histories part. */
export interface StreamPart {
  readonly stream: StreamId;
  readonly oldEnd: Seq;
  readonly survivorEnd: Seq;
  /** Up to here both hold the same commands. Less than `oldEnd`: the rest is the old writer's own. */
  readonly lastCommon: Seq;
}

export interface Reconciliation {
  readonly oldWriter: LedgerIdentity;
  readonly survivor: LedgerIdentity;
  readonly streams: readonly StreamPart[];
  readonly found: Readonly<Record<Difference["kind"], number>>;
  readonly tail: Tail;
  /** Rows of commands that the survivor holds and has not applied yet; looked at again, they can be compared. */
  readonly notYetApplied: number;
  readonly accounts: readonly AccountTotal[];
  readonly assets: ReadonlyMap<string, bigint>;
}

/** Blocks whose digests are asked for at once. */
const WINDOW = 100 * BLOCK;

/** The two are one server: nothing would ever differ. */
export class SameDatabase extends Error {
  constructor() {
    super(
      "the old writer's URL leads to the surviving database itself: name the other one, or its restored copy",
    );
    this.name = "SameDatabase";
  }
}

/**
 * Compares what the old writer holds with the surviving ledger. What the survivor has done behind the old writer's end is
 * its own and no difference. Blocks are compared by digest and, where that differs, row by row: memory holds one block.
 * @param tell is given each difference as it is found, and waited for.
 * @throws SameDatabase; the databases' errors.
 */
export async function reconcile(
  old: Ledger,
  survivor: Ledger,
  tell: (difference: Difference) => Promise<void>,
): Promise<Reconciliation> {
  const [oldWriter, surviving] = await Promise.all([old.identity(), survivor.identity()]);
  if (oldWriter.server === surviving.server) throw new SameDatabase();
  const totals = new Totals();
  const found = { command: 0, outcome: 0, posting: 0, trade: 0, balance: 0 };
  let tail = NO_TAIL;
  const told = async (difference: Difference): Promise<void> => {
    found[difference.kind] += 1;
    if (difference.kind === "command") tail = withCommand(tail, difference);
    if (difference.kind === "posting") totals.add(difference);
    await tell(difference);
  };
  const theirs = new Map((await survivor.streams()).map((stream) => [stream.stream, stream]));
  const streams: StreamPart[] = [];
  let notYetApplied = 0;
  for (const ours of await old.streams()) {
    const there = theirs.get(ours.stream) ?? { stream: ours.stream, end: 0, applied: 0 };
    const walked = await walkStream(old, survivor, { ours, there }, told);
    notYetApplied += walked.notYetApplied;
    streams.push({
      stream: ours.stream,
      oldEnd: ours.end,
      survivorEnd: there.end,
      lastCommon: walked.partsAt === null ? ours.end : walked.partsAt - 1,
    });
  }
  for await (const balance of unexplainedBalances(old.balances(), survivor.balances())) await told(balance);
  return {
    ...{ oldWriter, survivor: surviving, streams, found, tail, notYetApplied },
    ...{ accounts: totals.accounts(), assets: totals.assets() },
  };
}

export const differs = ({ found }: Pick<Reconciliation, "found">): boolean =>
  Object.values(found).some((count) => count > 0);

async function walkStream(
  old: Ledger,
  survivor: Ledger,
  { ours, there }: { readonly ours: LedgerStream; readonly there: LedgerStream },
  tell: (difference: Difference) => Promise<void>,
): Promise<{ readonly partsAt: Seq | null; readonly notYetApplied: number }> {
  const { stream, end } = ours;
  let partsAt: Seq | null = null;
  let notYetApplied = 0;
  for await (const [first, last] of unequalBlocks(old, survivor, stream, end)) {
    const compared = compareStretch({
      stream,
      oldWriter: await old.rows(stream, first, last),
      survivor: await survivor.rows(stream, first, last),
      oldApplied: ours.applied,
      survivorApplied: there.applied,
    });
    partsAt ??= compared.partsAt;
    notYetApplied += compared.notYetApplied;
    for (const difference of await placed(compared.differences, survivor)) await tell(difference);
  }
  return { partsAt, notYetApplied };
}

/** The blocks, up to the old writer's end, that are not the same in both: first and last place of each. */
async function* unequalBlocks(
  old: Ledger,
  survivor: Ledger,
  stream: StreamId,
  end: Seq,
): AsyncGenerator<readonly [Seq, Seq]> {
  for (let first = 1; first <= end; first += WINDOW) {
    const last = Math.min(end, first + WINDOW - 1);
    const [ours, theirs] = await Promise.all([
      old.digests(stream, first, last),
      survivor.digests(stream, first, last),
    ]);
    const unequal = new Set<number>();
    for (const key of new Set([...ours.keys(), ...theirs.keys()]))
      if (ours.get(key) !== theirs.get(key)) unequal.add(Number(key.split(" ")[1]));
    for (const block of [...unequal].sort((a, b) => a - b))
      yield [block * BLOCK + 1, Math.min(end, (block + 1) * BLOCK)];
  }
}

/** Finds out whether the survivor knows the commands' client ids from another place; leaves secrets out. */
async function placed(found: readonly FoundDifference[], survivor: Ledger): Promise<Difference[]> {
  const lost = found.flatMap((one) =>
    one.kind === "command" && one.holds === "only-old-writer" ? [one.command] : [],
  );
  const places = lost.length === 0 ? [] : await survivor.placesOf(lost);
  const byClient = new Map(places.map((place) => [clientOf(place), place]));
  return found.map((one): Difference => {
    if (one.kind !== "command") return one;
    const { stream, seq, command, there } = one;
    const place = one.holds === "only-old-writer" ? byClient.get(clientOf(command)) : undefined;
    const isElsewhere = place && (place.stream !== stream || Number(place.seq) !== seq);
    const elsewhere: CommandDifference["elsewhere"] = isElsewhere
      ? {
          stream: String(place.stream),
          seq: Number(place.seq),
          sameBody: place.body === command.body,
        }
      : null;
    return {
      ...{ ...one, elsewhere, command: withoutSecrets(command) },
      there: there && withoutSecrets(there),
    };
  });
}

const clientOf = ({ account_id, kind, client_id }: Row): string => `${account_id} ${kind} ${client_id}`;
