import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import { partsOf, unjudgedPartOf } from "../message.ts";
import type { Finding } from "../rule.ts";

/** What a pack says of a resource: that it is against a rule, or that a rule cannot judge it yet. */
export type Diagnostic = {
  /** Name of the rule. */
  readonly rule: string;
  /** URN of the resource. */
  readonly urn: string;
  readonly mandatory: boolean;
} & (
  | ({ readonly kind: "violation" } & Omit<Finding, "resource">)
  | { readonly kind: "unjudged"; readonly property: string }
);

/**
 * @param asked URN of the resource that was asked about; null when it was the stack
 * @throws Error when a message is none of ours: nothing a pack says is passed over
 */
export const diagnosticsOf = (response: messages.AnalyzeResponse, asked: string | null): Diagnostic[] =>
  response.getDiagnosticsList().map((diagnostic) => {
    const [description, message] = [diagnostic.getDescription(), diagnostic.getMessage()];
    const own = message.startsWith(`${description}\n`) ? message.slice(description.length + 1) : message;
    const base = {
      rule: diagnostic.getPolicyname(),
      urn: diagnostic.getUrn() || (asked ?? ""),
      mandatory: diagnostic.getEnforcementlevel() === messages.EnforcementLevel.MANDATORY,
    };
    const property = unjudgedPartOf(own);
    if (property !== null) return { ...base, kind: "unjudged", property };
    const parts = partsOf(own);
    if (parts) return { ...base, kind: "violation", ...parts };
    throw new Error(`the policy pack said of ${base.urn} what is no message of ${base.rule}: ${message}`);
  });
