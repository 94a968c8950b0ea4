import type { StaticOperationSchema } from "@smithy/types";
import type { WireRequest } from "../protocol.ts";

/** Where an operation is found: the trait `http`, `["PUT", "/{Key+}?x-id=PutObject", 200]`, taken apart. */
export interface Route {
  readonly method: string;
  readonly segments: readonly Segment[];
  /** Query parameters that tell the operation apart, `list-type=2`; null where the name alone does. */
  readonly query: ReadonlyMap<string, string | null>;
  /** HTTP status of its answer, unless the answer names another. */
  readonly status: number;
}

type Segment =
  | { readonly is: "literal"; readonly text: string }
  /** A greedy one takes what is left of the path, slashes and all. */
  | { readonly is: "label"; readonly member: string; readonly greedy: boolean };

export interface Match {
  readonly route: Route;
  /** Texts of the labels, decoded. */
  readonly labels: ReadonlyMap<string, string>;
}

/**
 * The SDK's clients name the operation once more in a parameter of their own; others do not. It must not contradict, and
 * may be missing.
 */
const SDK_PARAMETER = "x-id";

/**
 * @param before what the path begins with and the model leaves to the endpoint: `/{Bucket}` of S3.
 * @throws Error for an operation without the trait.
 */
export function routeOf(schema: StaticOperationSchema, before = ""): Route {
  const [, , name, traits] = schema;
  const http: unknown = typeof traits === "object" ? traits["http"] : undefined;
  if (!Array.isArray(http))
    throw new Error(`${name} has no trait http; it is no operation of a REST protocol`);
  const [method, template, status] = http as [string, string, number];
  const [path = "", query = ""] = template.split("?");
  return {
    method,
    segments: (before + path).split("/").filter(Boolean).map(segmentOf),
    query: new Map(
      query
        .split("&")
        .filter(Boolean)
        .map((pair): [string, string | null] => {
          const [key = "", value = ""] = pair.split("=");
          return [key, value === "" ? null : value];
        }),
    ),
    status,
  };
}

function segmentOf(text: string): Segment {
  const [, member, greedy] = /^\{(\w+)(\+?)\}$/.exec(text) ?? [];
  return member === undefined ? { is: "literal", text } : { is: "label", member, greedy: greedy === "+" };
}

export const targetOf = (request: Pick<WireRequest, "target">) =>
  new URL(request.target, "http://lab.invalid");

/** The labels' texts when the request takes this route; null when it does not. */
export function match(route: Route, request: Pick<WireRequest, "method" | "target">): Match | null {
  if (request.method !== route.method) return null;
  const { pathname, searchParams } = targetOf(request);
  for (const [key, value] of route.query) {
    const given = searchParams.get(key);
    if (given === null && key === SDK_PARAMETER) continue;
    if (given === null || (value !== null && given !== value)) return null;
  }
  const labels = labelsOf(route.segments, pathname.slice(1).split("/"));
  return labels && { route, labels };
}

function labelsOf(segments: readonly Segment[], given: readonly string[]): Map<string, string> | null {
  const labels = new Map<string, string>();
  let at = 0;
  for (const [position, segment] of segments.entries()) {
    const take =
      segment.is === "label" && segment.greedy ? given.length - at - (segments.length - position - 1) : 1;
    const text = take < 1 ? null : decoded(given.slice(at, at + take).join("/"));
    if (text === null || text === "") return null;
    if (segment.is === "label") labels.set(segment.member, text);
    else if (segment.text !== text) return null;
    at += take;
  }
  // One slash at the end says nothing.
  return at === given.length || (at === given.length - 1 && given[at] === "") ? labels : null;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Of several routes that a request fits, the one that says most: `/x?retention` rather than `/x`, `/a/list` than `/a/{b}`. */
export const saysMore = (a: Route, b: Route): number =>
  required(b) - required(a) || literals(b) - literals(a) || b.segments.length - a.segments.length;

const required = ({ query }: Route): number =>
  [...query.keys()].filter((key) => key !== SDK_PARAMETER).length;

const literals = ({ segments }: Route): number => segments.filter(({ is }) => is === "literal").length;
