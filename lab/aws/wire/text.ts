import type { NormalizedSchema } from "@smithy/core/schema";

/** In seconds since the epoch, where the model says so; else as a date, which JavaScript reads in either spelling. */
const EPOCH_SECONDS = 7;

/**
 * Reads what stands as text on the wire: in a form, a path, a query, a header, an XML element. A text that does not read
 * as its type is handed on as it is: the check against the schema then names it.
 */
export function readText(schema: NormalizedSchema, text: string): unknown {
  if (schema.isBooleanSchema()) return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : text;
  if (schema.isNumericSchema()) return isNumber(text) ? Number(text) : text;
  if (schema.isTimestampSchema()) {
    if (schema.getSchema() === EPOCH_SECONDS) return isNumber(text) ? new Date(Number(text) * 1_000) : text;
    const time = new Date(text);
    return Number.isNaN(time.getTime()) ? text : time;
  }
  if (schema.isBlobSchema()) {
    const bytes = Buffer.from(text, "base64");
    return bytes.toString("base64") === text ? bytes : text;
  }
  return text;
}

const isNumber = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text);
