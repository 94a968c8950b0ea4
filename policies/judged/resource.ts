/** Stands where a value is only known once AWS has told it; in examples, too. */
export const unknown: unique symbol = Symbol("known only after deployment");

/** A resource, as a plan or an example describes it. */
export interface ResourceFacts {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Inputs as the program gives them; {@link unknown} where only AWS can tell. */
  readonly props: Readonly<Record<string, unknown>>;
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  /** URN of the component it is in; null for none. */
  readonly parent: string | null;
  /** URNs of what it waits for. */
  readonly dependencies: readonly string[];
  readonly provider: { readonly name: string; readonly region: string | null } | null;
}

/** A value that a rule asked for is known only after deployment. */
export class NotKnown extends Error {
  readonly resource: ResourceFacts;
  readonly property: string;

  constructor(resource: ResourceFacts, property: string) {
    super(`${property} of ${resource.name} is known only after deployment`);
    this.name = "NotKnown";
    this.resource = resource;
    this.property = property;
  }
}

/** What a rule looks at. */
export class Resource {
  readonly facts: ResourceFacts;

  constructor(facts: ResourceFacts) {
    this.facts = facts;
  }

  get type(): string {
    return this.facts.type;
  }

  get name(): string {
    return this.facts.name;
  }

  /**
   * A property by its path (`versioning.enabled`, `ingress.0.cidrBlocks`), undefined where there is none.
   * @throws NotKnown when it, or what holds it, is known only after deployment
   */
  value(path: string): unknown {
    let at: unknown = this.facts.props;
    const walked: string[] = [];
    for (const step of path.split(".")) {
      if (typeof at !== "object" || at === null) return undefined;
      walked.push(step);
      at = (at as Record<string, unknown>)[step];
      if (at === unknown) throw new NotKnown(this.facts, walked.join("."));
    }
    return at;
  }

  /** Whether something stands at the path, known or not. */
  has(path: string): boolean {
    try {
      return this.value(path) !== undefined;
    } catch (error) {
      if (error instanceof NotKnown) return true;
      throw error;
    }
  }

  /** The property as a text; undefined where there is none or it is none. @throws NotKnown */
  text(path: string): string | undefined {
    const value = this.value(path);
    return typeof value === "string" ? value : undefined;
  }

  /** The property as a number, also where Pulumi keeps it as text. @throws NotKnown */
  number(path: string): number | undefined {
    const value = this.value(path);
    if (typeof value === "number") return value;
    return typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))
      ? Number(value)
      : undefined;
  }

  /** The property's entries as resources of their own to look into; empty where there is none. @throws NotKnown */
  each(path: string): Resource[] {
    const value = this.value(path);
    if (!Array.isArray(value)) return [];
    return value.map((props, at) => {
      if (props === unknown) throw new NotKnown(this.facts, `${path}.${at}`);
      return new Resource({
        ...this.facts,
        props: typeof props === "object" && props !== null ? props : { "": props },
      });
    });
  }
}
