import type { Properties } from "./value.ts";

/** What a stack's program asks for, as `plan.json` holds it: policies and pictures read it. */
export interface StackGraph {
  readonly stack: string;
  /** In the order in which the program asked for them. */
  readonly resources: readonly Resource[];
  /** What the stack would tell: its outputs, by name. */
  readonly outputs: Properties;
  /** What the program warned of. */
  readonly warnings: readonly string[];
}

/**
 * `stack`: the root, parent of all. `component`: made of its children. `remote`: a component that a plugin would make
 * of children, which a preview does not show. `provider`: whom resources are asked of. `custom`: one thing in AWS or
 * in a cluster. `read`: there already, only looked at.
 */
export type ResourceKind = "stack" | "component" | "remote" | "provider" | "custom" | "read";

export interface Resource {
  readonly urn: string;
  readonly kind: ResourceKind;
  /** Pulumi's type token, such as `aws:rds/cluster:Cluster`. */
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  /** URN; null for the stack itself. */
  readonly parent: string | null;
  readonly inputs: Properties;
  readonly options: Options;
}

export interface Options {
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly deleteBeforeReplace: boolean;
  readonly additionalSecretOutputs: readonly string[];
  /** URN of the explicit provider; null when it would be a default one. */
  readonly provider: string | null;
  /** By package, for components of a plugin: URNs of the providers their children will use. */
  readonly providers: Readonly<Record<string, string>>;
  /** URNs, sorted: what must be there first. */
  readonly dependencies: readonly string[];
  /** By property: URNs, sorted, of the resources its value is made of. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** What is imported, by its id; null for what is made. */
  readonly importId: string | null;
}
