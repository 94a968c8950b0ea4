import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import { deserializeProperties } from "@pulumi/pulumi/runtime/rpc.js";
import { disconnect, setMockOptions } from "@pulumi/pulumi/runtime/settings.js";

/** A resource as a program asked for it, with the options that plain mocks hide. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URN of the component it is in; empty for none. */
  readonly parent: string;
  /** Reference of its provider, or null when it was left to a default one. */
  readonly provider: string | null;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
  readonly dependencies: readonly string[];
}

export interface Recording {
  readonly all: readonly Recorded[];
  ofType(type: string): readonly Recorded[];
  /** @throws Error that lists what there is, unless there is exactly one */
  one(type: string, name?: string): Recorded;
}

export interface RecordOptions {
  /** As `pulumi preview` does: what only AWS can tell is unknown. Otherwise it is made up: `<name>-id`, an ARN. */
  readonly preview?: boolean;
  readonly stack?: string;
  /** Answers of provider functions by token; a function that is asked and not named here fails. */
  readonly functions?: Readonly<Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>>>;
  /** What AWS alone would tell of a resource, by its type. */
  readonly outputs?: Readonly<
    Record<string, (inputs: Record<string, unknown>, name: string) => Record<string, unknown>>
  >;
}

type Request = Parameters<MockMonitor["registerResource"]>[0];
type Answer = Parameters<MockMonitor["registerResource"]>[1];

class RecordingMonitor extends MockMonitor {
  readonly recorded: Recorded[] = [];

  override async registerResource(request: Request, callback: Answer): Promise<void> {
    this.recorded.push({
      type: request.getType(),
      name: request.getName(),
      inputs: deserializeProperties(request.getObject()) as Record<string, unknown>,
      parent: request.getParent(),
      provider: request.getProvider() || null,
      protect: request.getProtect(),
      retainOnDelete: request.getRetainondelete(),
      ignoreChanges: request.getIgnorechangesList(),
      dependencies: request.getDependenciesList(),
    });
    await super.registerResource(request, callback);
  }
}

/** Runs a piece of a program and tells what it asked for. One at a time in a process: Pulumi keeps one monitor. */
export async function record(
  build: () => unknown,
  { preview = false, stack = "prd", functions = {}, outputs = {} }: RecordOptions = {},
): Promise<Recording> {
  const madeUp = (type: string, name: string) =>
    preview ? {} : { arn: `arn:aws:${type.split(/[:/]/)[1]}:eu-west-1:111122223333:${name}`, name };
  const mocks: pulumi.runtime.Mocks = {
    newResource: ({ type, name, inputs }) => ({
      id: preview ? undefined : `${name}-id`,
      state: { ...madeUp(type, name), ...inputs, ...outputs[type]?.(inputs, name) },
    }),
    call: ({ token, inputs }) => {
      const answer = functions[token];
      if (!answer) throw new Error(`the program asked for ${token}, which this test does not answer`);
      return answer(inputs);
    },
  };
  await pulumi.runtime.setMocks(mocks, "castle", stack, preview);
  const monitor = new RecordingMonitor(mocks);
  setMockOptions(monitor, "castle", stack, preview);
  await build();
  await disconnect();
  const all = monitor.recorded;
  return {
    all,
    ofType: (type) => all.filter((resource) => resource.type === type),
    one: (type, name) => {
      const found = all.filter((resource) => resource.type === type && (!name || resource.name === name));
      const [only] = found;
      if (only && found.length === 1) return only;
      const there = all.map((resource) => `${resource.type} ${resource.name}`).join("\n  ");
      throw new Error(
        `${found.length} resources of type ${type}${name ? ` named ${name}` : ""}; there are:\n  ${there}`,
      );
    },
  };
}
