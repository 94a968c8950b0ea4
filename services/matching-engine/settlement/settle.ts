import { FIRST_ENGINE_LEG, type Posting } from "../../kernel/database/postings.ts";
import type { MarketSymbol } from "../../kernel/domain/symbols.ts";
import type { Effects } from "../book/effects.ts";

/**
 * The double entries of a command's effects on its book. A fill moves the quote asset from the buyer's locked balance
 * to the seller's free one, and the base asset the other way; a release moves what a hold no longer needs from locked
 * to free. No fees. Per asset the legs sum to zero; those of one fill stand together.
 */
export function settle({ base, quote }: MarketSymbol, { accepted, fills, release }: Effects): Posting[] {
  const { stream, seq } = accepted;
  const postings: Posting[] = [];
  const post = (accountId: number, asset: string, bucket: Posting["bucket"], amount: bigint): void => {
    postings.push({ stream, seq, leg: FIRST_ENGINE_LEG + postings.length, accountId, asset, bucket, amount });
  };
  for (const { maker, taker, quantity, quoteQuantity } of fills) {
    const [buyer, seller] = maker.side === "BUY" ? [maker, taker] : [taker, maker];
    post(buyer.accountId, quote, "locked", -quoteQuantity);
    post(seller.accountId, quote, "free", quoteQuantity);
    post(seller.accountId, base, "locked", -quantity);
    post(buyer.accountId, base, "free", quantity);
  }
  if (release) {
    const { order, amount } = release;
    post(order.accountId, order.holdAsset, "locked", -amount);
    post(order.accountId, order.holdAsset, "free", amount);
  }
  return postings;
}
