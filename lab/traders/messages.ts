import type { SecondFigures } from "./figures.ts";
import type { TraderAccount } from "./requests.ts";
import type { TimeWindow, WindowFigures } from "./windows.ts";

/** What the traders' process needs to begin. It goes over IPC and never on a command line: it holds secrets. */
export interface LoadOptions {
  /** Base addresses; without a `stream` nobody listens, and the load is requests alone. */
  readonly edge: { readonly api: string; readonly stream: string | null };
  readonly accounts: readonly TraderAccount[];
  readonly symbols: readonly string[];
  /** Requests a second, all traders together. */
  readonly rps: number;
  /** How long that rate rises at first: processes that have just started are not met by all of it. Milliseconds. */
  readonly rampMs: number;
  readonly seed: number;
  /** Share of the traders that hold on to connections of their own and wait long: 0 to 1. */
  readonly patientShare: number;
  /** How many accounts' user streams are listened to. */
  readonly userStreams: number;
  readonly recordsFolder: string;
}

/** From the supervisor to the traders' process. */
export type ToTraders =
  | { readonly kind: "start"; readonly options: LoadOptions }
  | { readonly kind: "figures"; readonly id: number; readonly windows: readonly TimeWindow[] }
  | { readonly kind: "stop" };

/** And back. */
export type FromTraders =
  | { readonly kind: "started"; readonly startedAt: number }
  | { readonly kind: "second"; readonly figures: SecondFigures }
  | { readonly kind: "figures"; readonly id: number; readonly figures: WindowFigures }
  | { readonly kind: "problem"; readonly message: string }
  /** The last word before it ends by itself. */
  | { readonly kind: "failed"; readonly because: string };
