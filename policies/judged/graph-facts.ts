import type { Resource, StackGraph } from "@castle/infra/plan/graph/graph.ts";
import { nameOf } from "@castle/infra/plan/graph/urn.ts";
import { isRecord, type Properties, type Value } from "@castle/infra/plan/graph/value.ts";
import { type ResourceFacts, unknown } from "./resource.ts";

/** A planned stack as rules look at it. */
export function factsOfGraph({ resources }: StackGraph): ResourceFacts[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  return resources.map((resource) => factsOfPlanned(resource, byUrn));
}

function factsOfPlanned(resource: Resource, byUrn: ReadonlyMap<string, Resource>): ResourceFacts {
  const { type, name, urn, inputs, parent, options } = resource;
  const region = options.provider ? byUrn.get(options.provider)?.inputs.region : undefined;
  return {
    ...{ type, name, urn, parent },
    props: judgedProperties(inputs),
    protect: options.protect,
    ignoreChanges: options.ignoreChanges,
    dependencies: options.dependencies,
    provider: options.provider
      ? { name: nameOf(options.provider), region: typeof region === "string" ? region : null }
      : null,
  };
}

/** A plan's marks as rules know them: {@link unknown} wherever there is no plain value. */
export const judgedProperties = (inputs: Properties): ResourceFacts["props"] =>
  Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, judged(value)]));

/** What is secret is in no plan: as good as unknown. So is a reference, whose id only AWS gives. */
function judged(value: Value): unknown {
  if (Array.isArray(value)) return value.map(judged);
  if (!isRecord(value)) return value;
  if ("$unknown" in value || "$secret" in value || "$resource" in value) return unknown;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, judged(each)]));
}
