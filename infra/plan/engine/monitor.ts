import { type handleUnaryCall, status } from "@grpc/grpc-js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import type { IResourceMonitorServer } from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resources from "@pulumi/pulumi/proto/resource_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import type { Resource } from "../graph/graph.ts";
import { makeUrn, STACK_TYPE, urnOfReference } from "../graph/urn.ts";
import type { Properties } from "../graph/value.ts";
import { completed } from "./completed.ts";
import { functionRefused, functions, methodRefused, methods, secretAnswers } from "./functions.ts";
import { noOptions, noted, providersOf } from "./noted.ts";
import { answer, decode, unknowns } from "./properties.ts";

/** What a program has asked for. */
export interface Asked {
  readonly resources: Resource[];
  outputs: Properties;
  /** What a plan does not do, and the program asked for. */
  readonly refusals: string[];
}

const features = (() => {
  const all = resources.ResourceMonitorFeature;
  return [
    all.RESOURCE_MONITOR_FEATURE_SECRETS,
    all.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    all.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
    all.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    all.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    all.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
    // Known, so that the program comes to us with them and is told that a plan does not carry them out.
    all.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
    all.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS,
    all.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
    all.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
    all.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
  ];
})();

/**
 * Pulumi's resource monitor as a preview needs it: every resource is noted and answered with its own inputs, as the
 * engine answers for what is yet to be created; ids and what only AWS can tell stay unknown.
 */
export function monitorFor(stack: string, project: string, asked: Asked): IResourceMonitorServer {
  let root = "";
  /** By URN of a component: whom its children are asked of, by package; its parent's where it has none of its own. */
  const inherited = new Map<string, Readonly<Record<string, string>>>();

  const unary =
    <Request, Response>(handle: (request: Request) => Response): handleUnaryCall<Request, Response> =>
    ({ request }, callback) => {
      try {
        callback(null, handle(request));
      } catch (error) {
        const details = error instanceof Error ? error.message : String(error);
        asked.refusals.push(details);
        callback({ name: "Refused", message: details, details, code: status.FAILED_PRECONDITION });
      }
    };
  const refuses = (what: string, remedy: string) =>
    unary((): never => {
      throw refused(what, remedy);
    });

  return {
    getDeploymentInfo: unary(() => {
      const info = new resources.DeploymentInfo();
      info.setSupportedfeaturesList(features);
      return info;
    }),
    supportsFeature: unary(() => new resources.SupportsFeatureResponse()),

    registerResource: unary((request: resources.RegisterResourceRequest) => {
      const [type, name] = [request.getType(), request.getName()];
      if (request.getTransformsList().length > 0)
        throw refused(`${name}: transforms`, "give the resource what it needs");
      if (request.hasHooks()) throw refused(`${name}: hooks`, "leave them out of the program");
      const urn = makeUrn(stack, project, request.getParent() || root, type, name);
      if (type === STACK_TYPE) root = urn;
      const parent = request.getParent() || (type === STACK_TYPE ? null : root);
      const providers = { ...inherited.get(parent ?? ""), ...providersOf(request) };
      inherited.set(urn, providers);
      asked.resources.push(
        noted(request, urn, parent, request.getRemote() ? providers : providersOf(request)),
      );
      const response = new resources.RegisterResourceResponse();
      response.setUrn(urn);
      // What a plugin would make of a component's arguments is not its outputs, though names may be the same.
      response.setObject(
        answer(
          request.getRemote() ? undefined : request.getObject(),
          request.getAdditionalsecretoutputsList(),
          completed[type],
        ),
      );
      return response;
    }),

    registerResourceOutputs: unary((request: resources.RegisterResourceOutputsRequest) => {
      if (request.getUrn() === root) asked.outputs = decode(request.getOutputs());
      return new empty.Empty();
    }),

    readResource: unary((request: resources.ReadResourceRequest) => {
      const urn = makeUrn(stack, project, request.getParent() || root, request.getType(), request.getName());
      asked.resources.push({
        urn,
        kind: "read",
        type: request.getType(),
        name: request.getName(),
        parent: request.getParent() || root,
        inputs: { ...decode(request.getProperties()), id: request.getId() },
        options: {
          ...noOptions,
          provider: request.getProvider() ? urnOfReference(request.getProvider()) : null,
          dependencies: request.getDependenciesList().toSorted(),
        },
      });
      const response = new resources.ReadResourceResponse();
      response.setUrn(urn);
      response.setProperties(new structs.Struct());
      return response;
    }),

    invoke: unary((request: resources.ResourceInvokeRequest) => {
      const token = request.getTok();
      const response = new resources.ResourceInvokeResponse();
      const [known, secrets] = [functions[token], secretAnswers[token]];
      if (known)
        response.setReturn(
          structs.Struct.fromJavaScript(
            known(decode(request.getArgs())) as { [key: string]: structs.JavaScriptValue },
          ),
        );
      else if (secrets) response.setReturn(answer(undefined, secrets));
      else throw new Error(functionRefused(token));
      return response;
    }),

    call: unary((request: resources.ResourceCallRequest) => {
      const told = methods[request.getTok()];
      if (!told) throw new Error(methodRefused(request.getTok()));
      const response = new provider.CallResponse();
      response.setReturn(unknowns(told));
      return response;
    }),

    signalAndWaitForShutdown: unary(() => new empty.Empty()),
    registerStackTransform: refuses("transforms of the stack", "give each resource what it needs"),
    registerStackInvokeTransform: refuses("transforms of functions", "give each function what it needs"),
    registerResourceHook: refuses("resource hooks", "leave them out of the program"),
    registerErrorHook: refuses("error hooks", "leave them out of the program"),
    registerPackage: refuses("parameterized packages", "use the provider's own package"),
    existsResource: refuses("asking whether a resource exists", "decide by the stack's settings"),
  };
}

/** What a plan does not do: the program is told, and fails with it. */
const refused = (what: string, remedy: string): Error =>
  new Error(`a plan does not carry out ${what}: ${remedy}`);
