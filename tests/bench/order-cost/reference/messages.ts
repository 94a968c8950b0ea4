import type { TraderAccount } from "@castle/lab/traders/requests.ts";

/** What the endpoint's process needs to begin; over IPC and never on a command line, for it holds secrets. */
export interface EndpointOptions {
  readonly port: number;
  readonly accounts: readonly TraderAccount[];
  /** PostgreSQL beside it, and the one far away. */
  readonly nearUrl: string;
  readonly farUrl: string;
}

/** Its one message: it listens. */
export interface EndpointListens {
  readonly kind: "listens";
}
