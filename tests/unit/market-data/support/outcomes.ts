import { epoch } from "@castle/regions/epoch.ts";
import type { Outcome } from "@castle/services/kernel/domain/outcome.ts";

/** An outcome in which nothing happened, but for what is given. */
export const outcomeOf = (seq: number, happened: Partial<Outcome> = {}): Outcome => ({
  stream: "BTCUSDT",
  seq,
  epoch: epoch(1),
  accountId: 7,
  clientId: `client-${seq}`,
  kind: "place",
  time: 1_700_000_000_000 + seq,
  reports: [],
  trades: [],
  levels: [],
  error: null,
  ...happened,
});
