import type { Resource, StackGraph } from "../graph/graph.ts";
import type { Finding } from "./finding.ts";

/** Packages whose components are made of another package's resources. */
const madeOf: Readonly<Record<string, string>> = { awsx: "aws", eks: "aws" };

/** A resource that a default provider would be asked for goes to whatever account and region the machine is set to. */
export const providerFindings = ({ stack, resources }: StackGraph): Finding[] =>
  resources.flatMap((resource) => {
    const message = wrong(resource);
    return message ? [{ check: "providers" as const, stack, resource: resource.urn, message }] : [];
  });

function wrong({ kind, type, inputs, options }: Resource): string | null {
  switch (kind) {
    case "custom":
    case "read":
      return options.provider
        ? null
        : "no explicit provider: pass { parent } of a component that has one, or { provider }";
    case "remote": {
      const pkg = type.split(":")[0] ?? "";
      const needed = madeOf[pkg] ?? pkg;
      return options.providers[needed]
        ? null
        : `no explicit ${needed} provider for its children: pass { parent } of a component that has one, or { providers }`;
    }
    case "provider":
      return type === "pulumi:providers:aws" && typeof inputs.region !== "string"
        ? "an AWS provider without a region goes where the machine is set to: name it"
        : null;
    case "component":
    case "stack":
      return null;
    default:
      return kind satisfies never;
  }
}
