import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Bucket, Totals } from "./figures.ts";
import { allRecords } from "./json-lines.ts";
import type { RequestSample } from "./records.ts";
import {
  figuresOf,
  type Gap,
  longestGap,
  returnsOf,
  type TimeWindow,
  type WindowFigures,
} from "./windows.ts";

export const SUMMARY_FILE = "summary.json";

/** What the traders' process leaves beside the records when it stops. */
export interface LoadSummary {
  /** When the first request was due, and when the last one could be. */
  readonly startedAt: number;
  readonly stoppedAt: number;
  readonly rps: number;
  readonly seed: number;
  readonly totals: Totals;
  /** Requests nobody knows the end of: still asked for when the load was ended. */
  readonly underWay: number;
  readonly series: readonly Bucket[];
}

/** One acknowledgement in answer to a command. */
export interface AcknowledgedAt {
  readonly t: number;
  readonly accountId: number;
}

/** The records of a load that has ended, and what can be said from them. */
export class TraderRecords {
  readonly folder: string;
  readonly summary: LoadSummary;
  /** In rising order of time. */
  readonly acknowledged: readonly AcknowledgedAt[];
  readonly samples: readonly RequestSample[];

  private constructor(
    folder: string,
    summary: LoadSummary,
    acknowledged: readonly AcknowledgedAt[],
    samples: readonly RequestSample[],
  ) {
    this.folder = folder;
    this.summary = summary;
    this.acknowledged = acknowledged;
    this.samples = samples;
  }

  /** @throws Error when the folder holds no complete records */
  static async load(folder: string): Promise<TraderRecords> {
    const summary: LoadSummary = JSON.parse(await readFile(join(folder, SUMMARY_FILE), "utf8"));
    const samples = await allRecords(folder, "requests");
    const acknowledged = (await allRecords(folder, "acknowledgements"))
      .filter(({ by }) => by === "answer")
      .map(({ t, accountId }) => ({ t, accountId }))
      .sort((a, b) => a.t - b.t);
    return new TraderRecords(folder, summary, acknowledged, samples);
  }

  get totals(): Totals {
    return this.summary.totals;
  }

  get series(): readonly Bucket[] {
    return this.summary.series;
  }

  /** The figures of all windows together. */
  figures(windows: readonly TimeWindow[]): WindowFigures {
    return figuresOf(this.samples, windows);
  }

  /** The longest time without an acknowledged command that touches the window. */
  clientGap(window: TimeWindow): Gap {
    return longestGap(
      this.acknowledged.map(({ t }) => t),
      window,
    );
  }

  /** How many traders sent commands from `from` on, and after how many milliseconds each was acknowledged again. */
  traderReturns(from: number): { readonly count: number; readonly returns: readonly number[] } {
    const active = new Set<number>();
    for (const { due, command, accountId } of this.samples) if (command && due >= from) active.add(accountId);
    return { count: active.size, returns: returnsOf(this.acknowledged, from) };
  }
}
