import type resources from "@pulumi/pulumi/proto/resource_pb.js";
import type { Options, Resource, ResourceKind } from "../graph/graph.ts";
import { STACK_TYPE, urnOfReference } from "../graph/urn.ts";
import type { Properties, Value } from "../graph/value.ts";
import { decode } from "./properties.ts";

/** Of what is only read. */
export const noOptions = {
  protect: false,
  retainOnDelete: false,
  ignoreChanges: [],
  replaceOnChanges: [],
  deleteBeforeReplace: false,
  additionalSecretOutputs: [],
  provider: null,
  providers: {},
  dependencies: [],
  propertyDependencies: {},
  importId: null,
} as const;

/** The resource a program has asked for, as the plan holds it. */
export function noted(
  request: resources.RegisterResourceRequest,
  urn: string,
  parent: string | null,
  providers: Options["providers"],
): Resource {
  const inputs = decode(request.getObject());
  return {
    urn,
    kind: kindOf(request),
    type: request.getType(),
    name: request.getName(),
    parent,
    inputs: kindOf(request) === "provider" ? unfolded(inputs) : inputs,
    options: {
      protect: request.getProtect() ?? false,
      retainOnDelete: request.getRetainondelete() ?? false,
      ignoreChanges: request.getIgnorechangesList(),
      replaceOnChanges: request.getReplaceonchangesList(),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      provider: request.getProvider() ? urnOfReference(request.getProvider()) : null,
      providers,
      dependencies: request.getDependenciesList().toSorted(),
      propertyDependencies: Object.fromEntries(
        [...request.getPropertydependenciesMap().entries()]
          .map(([property, on]) => [property, on.getUrnsList().toSorted()] as const)
          .filter(([, urns]) => urns.length > 0),
      ),
      importId: request.getImportid() || null,
    },
  };
}

/** Providers are told their lists and objects as JSON in text. */
const unfolded = (inputs: Properties): Properties =>
  Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [
      key,
      typeof value === "string" && /^[[{]/.test(value) ? (JSON.parse(value) as Value) : value,
    ]),
  );

export const providersOf = (request: resources.RegisterResourceRequest): Options["providers"] =>
  Object.fromEntries(
    [...request.getProvidersMap().entries()].map(([name, reference]) => [name, urnOfReference(reference)]),
  );

function kindOf(request: resources.RegisterResourceRequest): ResourceKind {
  if (request.getType() === STACK_TYPE) return "stack";
  if (request.getRemote()) return "remote";
  if (!request.getCustom()) return "component";
  return request.getType().startsWith("pulumi:providers:") ? "provider" : "custom";
}
