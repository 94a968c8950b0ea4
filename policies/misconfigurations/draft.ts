import type { Options, Resource, StackGraph } from "@castle/infra/plan/graph/graph.ts";
import { makeUrn } from "@castle/infra/plan/graph/urn.ts";
import type { Value } from "@castle/infra/plan/graph/value.ts";

/** A planned resource that is being spoilt. What a change asks for must be there: no seed may fall on stony ground. */
export class DraftResource {
  resource: Resource;

  constructor(resource: Resource) {
    this.resource = resource;
  }

  /** Gives a property another value, by its path (`healthCheck.path`, `rules.0.status`). */
  set(path: string, value: Value): this {
    const { holder, last } = this.#holderOf(path);
    holder[last] = value;
    return this;
  }

  /** Leaves a property out. */
  drop(path: string): this {
    const { holder, last } = this.#holderOf(path);
    if (holder[last] === undefined) throw new Error(`${this.resource.name} has no ${path} to leave out`);
    if (Array.isArray(holder)) holder.splice(Number(last), 1);
    else delete holder[last];
    return this;
  }

  /** Adds an entry to a list. */
  push(path: string, value: Value): this {
    const { holder, last } = this.#holderOf(path);
    const list = holder[last];
    if (!Array.isArray(list)) throw new Error(`${path} of ${this.resource.name} is no list`);
    list.push(value);
    return this;
  }

  /** Replaces text in a property that is text. */
  rewrite(path: string, from: string, to: string): this {
    const { holder, last } = this.#holderOf(path);
    const text = holder[last];
    if (typeof text !== "string" || !text.includes(from))
      throw new Error(`${path} of ${this.resource.name} does not say ${from}`);
    holder[last] = text.replaceAll(from, to);
    return this;
  }

  with(options: Partial<Options>): this {
    this.resource = { ...this.resource, options: { ...this.resource.options, ...options } };
    return this;
  }

  unprotected(): this {
    return this.with({ protect: false });
  }

  /** Takes a property from what an update leaves alone. */
  notIgnoring(property: string): this {
    const { ignoreChanges } = this.resource.options;
    if (!ignoreChanges.includes(property))
      throw new Error(`${this.resource.name} does not leave ${property} alone`);
    return this.with({ ignoreChanges: ignoreChanges.filter((each) => each !== property) });
  }

  #holderOf(path: string): { holder: Record<string, unknown>; last: string } {
    const steps = path.split(".");
    const last = steps.pop() ?? path;
    let at: unknown = this.resource.inputs;
    for (const step of steps)
      at = typeof at === "object" && at !== null ? (at as Record<string, unknown>)[step] : undefined;
    if (typeof at !== "object" || at === null)
      throw new Error(`${this.resource.name} has no ${steps.join(".")}`);
    return { holder: at as Record<string, unknown>, last };
  }
}

/** A copy of a planned stack, to be spoilt. */
export class Draft {
  readonly #graph: StackGraph;
  readonly #resources: DraftResource[];

  constructor(graph: StackGraph) {
    this.#graph = graph;
    this.#resources = structuredClone(graph.resources).map((each) => new DraftResource(each));
  }

  get graph(): StackGraph {
    return { ...this.#graph, resources: this.#resources.map(({ resource }) => resource) };
  }

  /** @throws Error when the stack has none of this type, or of this name */
  all(type: string, name?: RegExp): readonly DraftResource[] {
    const found = this.#resources.filter(
      ({ resource }) => resource.type === type && (name?.test(resource.name) ?? true),
    );
    if (found.length === 0)
      throw new Error(`stack ${this.#graph.stack} plans no ${type}${name ? ` named ${name}` : ""}`);
    return found;
  }

  /** The first of its kind, or the one of this name. */
  one(type: string, name?: string): DraftResource {
    const found = this.all(type).find(({ resource }) => name === undefined || resource.name === name);
    if (!found) throw new Error(`stack ${this.#graph.stack} plans no ${type} named ${name}`);
    return found;
  }

  /** Takes resources out of the program, as if nobody had written them. */
  remove(...gone: readonly DraftResource[]): void {
    for (const each of gone) this.#resources.splice(this.#resources.indexOf(each), 1);
  }

  /** A resource more, beside another: asked of the same provider, in the same component. */
  add(
    beside: DraftResource,
    type: string,
    name: string,
    inputs: { readonly [key: string]: Value },
  ): DraftResource {
    const { resource } = beside;
    const urn = makeUrn(this.#graph.stack, "castle", resource.parent ?? "", type, name);
    const options = { ...resource.options, protect: false, ignoreChanges: [], dependencies: [] };
    const added = new DraftResource({
      ...structuredClone(resource),
      ...{ kind: "custom", type, name, urn, options },
      inputs: structuredClone(inputs),
    });
    this.#resources.push(added);
    return added;
  }

  /** URN of the provider of this name. */
  provider(name: string): string {
    return this.one("pulumi:providers:aws", name).resource.urn;
  }
}
