import { z } from "zod";
import { cellOutputs, homeOutputs } from "../stack/outputs.ts";
import { cell } from "./tell.ts";

interface Row {
  readonly name: string;
  readonly what: string;
  readonly note: string;
}

/** What both stacks export, and what the home cell's does besides, as Markdown tables: made from the schemas. Pure. */
export function stackOutputsTables(): { readonly ofEachCell: string; readonly ofHomeAlone: string } {
  const ofEach = rowsOf(cellOutputs);
  const known = new Set(ofEach.map(({ name }) => name));
  return {
    ofEachCell: table(ofEach),
    ofHomeAlone: table(rowsOf(homeOutputs).filter(({ name }) => !known.has(name))),
  };
}

const table = (rows: readonly Row[]): string =>
  [
    "| output | what it is | |",
    "| --- | --- | --- |",
    ...rows.map(({ name, what, note }) => `| \`${name}\` | ${cell(what)} | ${note} |`),
  ].join("\n");

function rowsOf(schema: z.ZodObject, prefix = "", optionalAbove = false): Row[] {
  return Object.entries(schema.shape).flatMap(([key, field]): Row[] => {
    const name = `${prefix}${key}`;
    const { inner, optional, standard } = opened(field as z.ZodType);
    const mayLack = optional || optionalAbove;
    // What is told in one sentence is one output, whatever it is made of.
    if (inner instanceof z.ZodObject && (field as z.ZodType).description === undefined)
      return rowsOf(inner, `${name}.`, mayLack);
    const what = (field as z.ZodType).description;
    if (what === undefined) throw new Error(`${name} does not say what it is (describe)`);
    const note =
      standard === undefined ? (mayLack ? "may be left out" : "") : `\`${String(standard)}\` by default`;
    return [{ name, what, note }];
  });
}

function opened(field: z.ZodType): {
  readonly inner: z.ZodType;
  readonly optional: boolean;
  readonly standard?: unknown;
} {
  if (field instanceof z.ZodOptional) return { ...opened(field.unwrap() as z.ZodType), optional: true };
  if (field instanceof z.ZodDefault)
    return { ...opened(field.unwrap() as z.ZodType), standard: field.def.defaultValue };
  return { inner: field, optional: false };
}
