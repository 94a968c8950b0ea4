import type { Resource, StackGraph } from "../graph/graph.ts";
import { encryptionRules } from "./encryption-rules.ts";
import type { Finding } from "./finding.ts";

/** Every store whose program does not say, in a plain input, that it is encrypted. */
export const encryptionFindings = (graph: StackGraph): Finding[] =>
  graph.resources.filter(isMade).flatMap((resource) =>
    (encryptionRules[resource.type]?.(resource, graph) ?? []).map((message) => ({
      check: "encryption" as const,
      stack: graph.stack,
      resource: resource.urn,
      message,
    })),
  );

const isMade = ({ kind }: Resource): boolean => kind === "custom" || kind === "remote";
