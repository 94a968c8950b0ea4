/**
 * A property as the program gave it, in plain JSON. What is no plain value is an object of one mark:
 * `{"$unknown": true}` only AWS can tell it; `{"$secret": true}` a secret, whose value is written nowhere (with
 * `"$unknown": true` besides, where AWS alone would know it); `{"$resource": URN}`; `{"$asset": what it is made of}`.
 */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

export type Properties = { readonly [key: string]: Value };

export const UNKNOWN: Value = { $unknown: true };

export const isRecord = (value: Value | undefined): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

export const isSecret = (value: Value | undefined): boolean => isRecord(value) && value.$secret === true;

/** True for what stands for a value, and has no properties of its own. */
export const isMark = (value: Value | undefined): boolean =>
  isRecord(value) && Object.keys(value).some((key) => MARKS.has(key));

const MARKS = new Set(["$unknown", "$secret", "$resource", "$asset"]);
