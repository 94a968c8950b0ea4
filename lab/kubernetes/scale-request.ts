import { z } from "zod";
import type { ApiRequest } from "./api.ts";
import { Refused } from "./refused.ts";

export interface ScaleRequest {
  readonly replicas: number;
  /** The version that it is a change of; any, when it is left out. */
  readonly resourceVersion: string | undefined;
}

const scaleSchema = z.object({
  metadata: z.object({ resourceVersion: z.string().optional() }).optional(),
  spec: z.object({ replicas: z.int().min(0).max(1_000) }),
});

const PATCHES = ["application/merge-patch+json", "application/strategic-merge-patch+json"];

/** Reads a Scale that is put, or a patch of one. @throws Refused */
export function readScale({ method, contentType, body }: ApiRequest): ScaleRequest {
  const type = contentType.split(";")[0]?.trim() ?? "";
  const known = method === "PATCH" ? PATCHES : ["application/json"];
  if (!known.includes(type))
    throw new Refused(
      415,
      "UnsupportedMediaType",
      `the body is of an unknown media type, "${type}"; known: ${known.join(", ")}`,
    );
  const parsed = scaleSchema.safeParse(parseJson(body));
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Refused(422, "Invalid", `Scale is invalid: ${mistakes.join("; ")}`);
  }
  const { metadata, spec } = parsed.data;
  return { replicas: spec.replicas, resourceVersion: metadata?.resourceVersion };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refused(400, "BadRequest", `the body is not JSON: ${String(error)}`);
  }
}
