import { DECIMALS, formatAmount } from "@castle/services/kernel/domain/amount.ts";
import type { CommandDifference, Difference, RowDifference } from "./difference.ts";
import { differs, type Reconciliation, type StreamPart } from "./reconcile.ts";
import type { Row } from "./rows.ts";

/** A difference in words, on one line. Pure. */
export function tellDifference(difference: Difference): string {
  switch (difference.kind) {
    case "command":
      return tellCommand(difference);
    case "outcome":
    case "posting":
    case "trade":
      return tellRow(difference);
    case "balance": {
      const { accountId, asset, bucket, oldWriter, survivor } = difference;
      const side = ({ balance, posted }: typeof oldWriter): string =>
        `${money(balance)} where ${money(posted)} was posted`;
      return `balance of account ${accountId}, ${asset} ${bucket}: ${side(oldWriter)} in the old writer, ${side(survivor)} in the survivor`;
    }
    default:
      return difference satisfies never;
  }
}

function tellCommand({ stream, seq, holds, command, there, elsewhere }: CommandDifference): string {
  const what = `${stream} ${seq}: ${nameOf(command)}`;
  if (holds === "only-survivor")
    return `${what} is in the survivor alone, though the old writer goes further`;
  const place = there ? `its place is taken by ${nameOf(there)}` : "its place is free in the survivor";
  const again = elsewhere
    ? `; the survivor knows its client id from ${elsewhere.stream} ${elsewhere.seq} (${elsewhere.sameBody ? "the same command" : "another command"})`
    : "; the survivor does not know its client id";
  return `${what} is in the old writer alone; ${place}${again}. Body: ${command.body}`;
}

const nameOf = ({ kind, account_id, client_id, epoch, accepted_at }: Row): string =>
  `${kind} "${client_id}" of account ${account_id} (epoch ${epoch}, accepted ${new Date(Number(accepted_at)).toISOString()})`;

function tellRow({ kind, stream, seq, holds, oldWriter, survivor }: RowDifference): string {
  const where = {
    "only-old-writer": "is in the old writer alone",
    "only-survivor": "is in the survivor alone",
    differs: "differs",
  }[holds];
  const rows = [
    oldWriter && `old writer: ${columnsOf(oldWriter)}`,
    survivor && `survivor: ${columnsOf(survivor)}`,
  ];
  return `${stream} ${seq}: ${kind} ${where}. ${rows.filter((row) => row !== null).join(" | ")}`;
}

const columnsOf = ({ seq: _, ...rest }: Row): string =>
  Object.entries(rest)
    .map(([column, value]) => `${column} ${value}`)
    .join(", ");

/** The end of it in words, a line each. Pure. */
export function tellReconciliation(result: Reconciliation): string[] {
  const { found, accounts, assets, notYetApplied } = result;
  const counts = Object.entries(found).filter(([, count]) => count > 0);
  return [
    `old writer: ${tellIdentity(result.oldWriter)}; survivor: ${tellIdentity(result.survivor)}`,
    "",
    ...result.streams.map(tellPart),
    ...accounts.map(
      (total) =>
        `account ${total.accountId}, ${total.asset}: the old writer posted ${formatAmount(total.oldFree)} free and ${formatAmount(total.oldLocked)} locked, the survivor ${formatAmount(total.survivorFree)} and ${formatAmount(total.survivorLocked)} instead`,
    ),
    ...[...assets].map(
      ([asset, sum]) => `${asset}: traders' accounts hold ${formatAmount(sum)} more by what differs`,
    ),
    ...(notYetApplied > 0
      ? [
          `${notYetApplied} rows are yet to be written by the survivor's engines: look again once they have caught up`,
        ]
      : []),
    "",
    differs(result)
      ? `it differs: ${counts.map(([kind, count]) => `${count} ${kind}${count === 1 ? "" : "s"}`).join(", ")}`
      : "nothing differs: the survivor holds everything that the old writer holds",
  ];
}

const tellIdentity = ({ epoch, region, reader }: Reconciliation["oldWriter"]): string =>
  `epoch ${epoch} of ${region}, ${reader ? "a reader" : "a writer"}`;

const tellPart = ({ stream, oldEnd, survivorEnd, lastCommon }: StreamPart): string =>
  `${stream.padEnd(9)} ${
    lastCommon === oldEnd
      ? `the same up to ${oldEnd}, where the old writer ends`
      : `the same up to ${lastCommon}, then the histories part: the old writer ends at ${oldEnd}`
  }; the survivor ends at ${survivorEnd}`;

/** Eight decimals, as everywhere; what is no integer is told as it is. */
const money = (amount: string): string =>
  /^-?\d{1,60}$/.test(amount) ? formatAmount(BigInt(amount)) : `${amount} (in units of 1e-${DECIMALS})`;

/** The last line of the JSON: amounts are text. */
export const jsonOf = (result: Reconciliation): object => ({
  kind: "summary",
  differs: differs(result),
  ...result,
  accounts: result.accounts.map(({ accountId, asset, ...sums }) => ({
    ...{ accountId, asset },
    ...Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, String(sum)])),
  })),
  assets: Object.fromEntries([...result.assets].map(([asset, sum]) => [asset, String(sum)])),
});
