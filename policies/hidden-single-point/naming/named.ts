import type { Resource } from "../../judged/resource.ts";
import type { Finding } from "../../rule.ts";
import { textsOf } from "./texts.ts";
import { meantBy } from "./to-the-peer.ts";

/** A finding for each text in which a pattern is found, but for what is meant to name the peer. */
export const named = (
  resource: Resource,
  pattern: RegExp,
  { as, wanted }: { readonly as: string; readonly wanted: string },
): readonly Finding[] =>
  textsOf(resource).flatMap(({ property, text }) =>
    pattern.test(text) && property !== "description" && !meantBy(resource, property, text)
      ? [{ resource, property, found: `${as} ${pattern.exec(text)?.[0] ?? ""}`, wanted }]
      : [],
  );
