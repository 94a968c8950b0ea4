import { type Amount, parseAmount } from "../domain/amount.ts";
import type { MarketSymbol } from "../domain/symbols.ts";
import { apiError } from "./errors.ts";

const DECIMAL = /^\d{1,20}(?:\.\d{1,20})?$/;
const DECIMAL_RANGE = "^([0-9]{1,20})(\\.[0-9]{1,20})?$";
const INTEGER = /^\d{1,20}$/;
const INTEGER_RANGE = "^[0-9]{1,20}$";
const MILLISECONDS = /^\d{1,20}(\.\d{1,3})?$/;
const MILLISECONDS_RANGE = "^([0-9]{1,20})(\\.[0-9]{1,3})?$";
const CLIENT_ID = /^[.A-Z:/a-z0-9_-]{1,36}$/;
const CLIENT_ID_RANGE = "^[\\.A-Z\\:/a-z0-9_-]{1,36}$";

/**
 * The parameters of a request in Binance's manner: from the query string and an x-www-form-urlencoded body, the query
 * string winning. Reading one checks it; every mistake is an ApiError that names the parameter.
 */
export class Parameters {
  readonly #values: ReadonlyMap<string, string>;

  private constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /** @throws ApiError -1101 when a parameter stands twice in the query string, or twice in the body. */
  static read(received: { readonly query: string; readonly body: string }): Parameters {
    return new Parameters(new Map([...pairs(received.body), ...pairs(received.query)]));
  }

  /** @throws ApiError -1102 when it is missing or empty. */
  text(name: string): string {
    const value = this.#values.get(name);
    if (value === undefined || value === "") throw apiError.parameterMissing(name);
    return value;
  }

  /** @throws ApiError -1105 when it was sent, and empty. */
  optionalText(name: string): string | undefined {
    const value = this.#values.get(name);
    if (value === "") throw apiError.parameterEmpty(name);
    return value;
  }

  /** A mandatory number without sign or fraction. @throws ApiError -1102, -1100, -1130 */
  integer(name: string): number {
    return integer(name, this.text(name));
  }

  /** @throws ApiError -1105, -1100, -1130 */
  optionalInteger(name: string): number | undefined {
    const value = this.optionalText(name);
    return value === undefined ? undefined : integer(name, value);
  }

  /** Milliseconds with up to three decimals. @throws ApiError -1105, -1100 */
  optionalMilliseconds(name: string): number | undefined {
    const value = this.optionalText(name);
    if (value === undefined) return undefined;
    if (!MILLISECONDS.test(value)) throw apiError.illegalCharacters(name, MILLISECONDS_RANGE);
    return Number(value);
  }

  /** How many rows to answer with: `standard` when not sent, never more than `maximum`. @throws ApiError -1130 for 0 */
  limit(standard: number, maximum: number): number {
    const asked = this.optionalInteger("limit") ?? standard;
    if (asked === 0) throw apiError.invalidValue("limit", "at least 1");
    return Math.min(asked, maximum);
  }

  /** A mandatory decimal. @throws ApiError -1102, -1100, -1111 (more than eight decimals) */
  amount(name: string): Amount {
    return amount(name, this.text(name));
  }

  /** @throws ApiError -1105, -1100, -1111 */
  optionalAmount(name: string): Amount | undefined {
    const value = this.optionalText(name);
    return value === undefined ? undefined : amount(name, value);
  }

  /** An id of the client's own choice. @throws ApiError -1105, -1100 */
  optionalClientId(name: string): string | undefined {
    const value = this.optionalText(name);
    if (value !== undefined && !CLIENT_ID.test(value))
      throw apiError.illegalCharacters(name, CLIENT_ID_RANGE);
    return value;
  }

  /** One of a few words; anything else is `otherwise`. @throws ApiError -1102, or `otherwise` */
  oneOf<T extends string>(name: string, words: readonly T[], otherwise: () => Error): T {
    return oneOf(this.text(name), words, otherwise);
  }

  /** @throws ApiError -1105, or `otherwise` */
  optionalOneOf<T extends string>(name: string, words: readonly T[], otherwise: () => Error): T | undefined {
    const value = this.optionalText(name);
    return value === undefined ? undefined : oneOf(value, words, otherwise);
  }

  /** "true" or "false", in either case. @throws ApiError -1105, -1130 */
  optionalBoolean(name: string): boolean | undefined {
    const value = this.optionalText(name)?.toLowerCase();
    if (value !== undefined && value !== "true" && value !== "false")
      throw apiError.invalidValue(name, "true or false");
    return value === undefined ? undefined : value === "true";
  }

  /** The market that `symbol` names. @throws ApiError -1102, -1121 when this cell does not trade it */
  symbol(markets: readonly MarketSymbol[]): MarketSymbol {
    return market(markets, this.text("symbol"));
  }

  /** @throws ApiError -1105, -1121 */
  optionalSymbol(markets: readonly MarketSymbol[]): MarketSymbol | undefined {
    const name = this.optionalText("symbol");
    return name === undefined ? undefined : market(markets, name);
  }

  /** Refuses what this request does not take, rather than to answer as if it had not been said. @throws ApiError -1106 */
  refuse(...names: readonly string[]): void {
    for (const name of names) if (this.#values.has(name)) throw apiError.parameterNotRequired(name);
  }
}

function* pairs(text: string): Generator<[string, string]> {
  if (text === "") return;
  const seen = new Set<string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (seen.has(name)) throw apiError.duplicateParameter(name);
    seen.add(name);
    yield [name, value];
  }
}

function integer(name: string, value: string): number {
  if (!INTEGER.test(value)) throw apiError.illegalCharacters(name, INTEGER_RANGE);
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw apiError.invalidValue(name, `at most ${Number.MAX_SAFE_INTEGER}`);
  return number;
}

function amount(name: string, value: string): Amount {
  if (!DECIMAL.test(value)) throw apiError.illegalCharacters(name, DECIMAL_RANGE);
  const parsed = parseAmount(value);
  // Well-formed and yet refused: it has more than eight decimals that count.
  if (parsed === null) throw apiError.tooPrecise(name);
  return parsed;
}

function oneOf<T extends string>(value: string, words: readonly T[], otherwise: () => Error): T {
  const found = words.find((word) => word === value);
  if (found === undefined) throw otherwise();
  return found;
}

function market(markets: readonly MarketSymbol[], name: string): MarketSymbol {
  const found = markets.find((one) => one.name === name);
  if (!found) throw apiError.invalidSymbol();
  return found;
}
