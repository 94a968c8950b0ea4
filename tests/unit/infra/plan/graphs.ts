import { noOptions } from "@castle/infra/plan/engine/noted.ts";
import type { Options, Resource, ResourceKind, StackGraph } from "@castle/infra/plan/graph/graph.ts";
import { makeUrn, STACK_TYPE } from "@castle/infra/plan/graph/urn.ts";
import type { Properties } from "@castle/infra/plan/graph/value.ts";

export interface Asked {
  readonly type: string;
  readonly name: string;
  readonly kind?: ResourceKind;
  readonly parent?: Resource;
  readonly inputs?: Properties;
  readonly options?: Partial<Options>;
}

/** A small stack made by hand: `add` puts a resource into it and gives it back. */
export class TestStack {
  readonly root: Resource;
  readonly resources: Resource[] = [];
  readonly name: string;

  constructor(name = "prd") {
    this.name = name;
    this.root = this.add({ type: STACK_TYPE, name: `castle-${name}`, kind: "stack" });
  }

  add({ type, name, kind = "custom", parent, inputs = {}, options = {} }: Asked): Resource {
    const above = kind === "stack" ? null : (parent ?? this.root).urn;
    const urn = makeUrn(this.name, "castle", above ?? "", type, name);
    const resource = { urn, kind, type, name, parent: above, inputs, options: { ...noOptions, ...options } };
    this.resources.push(resource);
    return resource;
  }

  provider(region: string, name = "cell"): Resource {
    return this.add({ type: "pulumi:providers:aws", name, kind: "provider", inputs: { region } });
  }

  graph(outputs: Properties = {}): StackGraph {
    return { stack: this.name, resources: this.resources, outputs, warnings: [] };
  }
}
