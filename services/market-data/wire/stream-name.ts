import type { AccountId } from "../../kernel/domain/command.ts";
import { readListenKey } from "../../kernel/http/listen-key.ts";

/** What messages are published under. Market streams have their wire name; an account's user stream its own. */
export type Topic = string;

export const tradeTopics = (symbol: string): Topic[] => [`${symbol.toLowerCase()}@trade`];
/** Both speeds are the fast one: nobody minds an update that comes early. */
export const depthTopics = (symbol: string): Topic[] =>
  ["@depth", "@depth@100ms"].map((kind) => symbol.toLowerCase() + kind);
export const userTopics = (account: AccountId): Topic[] => [`user ${account}`];

/** A stream as a client named it, which combined messages repeat, and the topic behind the name. */
export interface NamedStream {
  readonly name: string;
  readonly topic: Topic;
}

export type ReadStreamName = (name: string) => NamedStream | { readonly unknown: string };

/** Reads stream names: `btcusdt@trade`, `btcusdt@depth`, `btcusdt@depth@100ms`, or a listen key. */
export function streamNames(options: {
  symbols: readonly string[];
  sealKey: Buffer;
  now?: () => number;
}): ReadStreamName {
  const { sealKey, now = Date.now } = options;
  const market = new Set(
    options.symbols.flatMap((symbol) => [...tradeTopics(symbol), ...depthTopics(symbol)]),
  );
  return (name) => {
    if (market.has(name)) return { name, topic: name };
    if (name.includes("@"))
      return { unknown: `there is no stream '${shown(name)}'; there are ${[...market].join(", ")}` };
    const key = readListenKey(sealKey, name, now());
    const [topic] = key ? userTopics(key.accountId) : [];
    return topic === undefined
      ? { unknown: "this listenKey does not exist, or has expired" }
      : { name, topic };
  };
}

const shown = (name: string): string => (name.length > 64 ? `${name.slice(0, 64)}…` : name);
