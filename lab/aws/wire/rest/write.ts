import { ToStringShapeSerializer } from "@smithy/core/protocols";
import { NormalizedSchema } from "@smithy/core/schema";
import type { $SchemaRef } from "@smithy/types";
import { bindingOf } from "./bindings.ts";

export interface BoundOutput {
  readonly headers: Readonly<Record<string, string>>;
  /** null when the output does not name one. */
  readonly status: number | null;
}

/** Timestamps in headers are dates as HTTP writes them, wherever the model does not say otherwise. */
const HTTP_DATE = 6;

/** Writes the members that stand in the answer's headers and status. */
export function writeBound(output: $SchemaRef, value: unknown): BoundOutput {
  const schema = NormalizedSchema.of(output);
  const headers: Record<string, string> = {};
  let status: number | null = null;
  if (!schema.isStructSchema()) return { headers, status };
  const members = value as Readonly<Record<string, unknown>>;
  for (const [name, member] of schema.structIterator()) {
    const given = members[name];
    if (given === undefined || given === null) continue;
    const binding = bindingOf(member, "answer");
    if (binding.is === "header") headers[binding.name] = textOf(member, given);
    if (binding.is === "prefix-headers")
      for (const [key, text] of Object.entries(given))
        headers[binding.prefix + key.toLowerCase()] = String(text);
    if (binding.is === "status") status = Number(given);
  }
  return { headers, status };
}

function textOf(member: NormalizedSchema, value: unknown): string {
  const serializer = new ToStringShapeSerializer({
    timestampFormat: { useTrait: true, default: HTTP_DATE },
    httpBindings: true,
  });
  serializer.write(member, value);
  return serializer.flush();
}
