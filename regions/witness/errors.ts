/** Where the witness's record is, as errors name it. */
export interface WitnessPlace {
  readonly table: string;
  readonly region: string;
  readonly endpoint?: string | undefined;
}

const place = ({ table, region, endpoint }: WitnessPlace): string =>
  `table "${table}" in ${region}${endpoint === undefined ? "" : ` (${endpoint})`}`;

/** Nobody answered, or not in time. After a change, the record may or may not hold it: read before asking again. */
export class WitnessUnreachable extends Error {
  constructor(where: WitnessPlace, doing: string, cause: unknown) {
    super(
      `the witness did not answer (${doing}, ${place(where)}): ${reason(cause)}; check the network to ${where.region} and the table, then ask again`,
      { cause },
    );
    this.name = "WitnessUnreachable";
  }
}

/** The table, or the record in it, is not there. */
export class WitnessRecordMissing extends Error {
  readonly missing: "table" | "record";

  constructor(where: WitnessPlace, missing: "table" | "record", cause?: unknown) {
    super(
      `the witness holds no ${missing === "table" ? "table" : "record"}: ${place(where)}; check the names in the configuration. A new stack ${missing === "table" ? "creates the table" : "writes its first record once, at its birth"}; never write one by hand while a cell is active`,
      { cause },
    );
    this.name = "WitnessRecordMissing";
    this.missing = missing;
  }
}

/** The record is not one of this Castle's: another program's, another version's, or damaged. */
export class WitnessRecordInvalid extends Error {
  readonly found: string;

  constructor(where: WitnessPlace, found: unknown, mistakes: readonly string[], cause?: unknown) {
    const shown = typeof found === "string" ? found : JSON.stringify(found);
    super(
      `the witness's record is not one of this Castle's (${place(where)}): ${mistakes.join("; ")}. Found: ${shown}. Nothing was changed: point the configuration at the right table, or restore the record from the table's point-in-time backup`,
      { cause },
    );
    this.name = "WitnessRecordInvalid";
    this.found = shown;
  }
}

const reason = (cause: unknown): string =>
  cause instanceof Error ? (cause.message === "" ? cause.name : cause.message) : String(cause);
