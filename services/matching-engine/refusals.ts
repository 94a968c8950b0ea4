/** What the engine refuses, in Binance's codes and words. A refusal is an outcome like any other: recorded and told. */
export interface Refusal {
  readonly code: number;
  readonly msg: string;
}

export const refusals = {
  /** A LIMIT_MAKER order that would not rest. */
  wouldTake: { code: -2010, msg: "Order would immediately match and take." },
  /** A cancel of an order that is closed, was never there, or is somebody else's. */
  unknownOrder: { code: -2011, msg: "Unknown order sent." },
  /** An account whose id or API key is taken already. */
  accountExists: { code: -1130, msg: "An account with this id or API key exists already." },
} as const satisfies Record<string, Refusal>;
