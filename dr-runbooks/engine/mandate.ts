/** What a runner asks before it acts: whether its execution still may. */
export interface Mandate {
  /** Resolves at once while it is certain; else the witness is asked. @throws ClaimLost */
  ensure(): Promise<void>;
  /** Aborted, with a ClaimLost, as soon as it is known that the execution may act no more. */
  readonly lost: AbortSignal;
}

/** The execution may act no more: another one may. */
export class ClaimLost extends Error {
  /** The execution that acts now, or asked to; null where nobody is known to. */
  readonly to: string | null;

  constructor(because: string, to: string | null) {
    super(`${because}: nothing more is done here`);
    this.name = "ClaimLost";
    this.to = to;
  }
}

/** For what needs no claim. */
export const unclaimed: Mandate = { ensure: async () => undefined, lost: new AbortController().signal };
