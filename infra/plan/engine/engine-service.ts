import type { handleUnaryCall } from "@grpc/grpc-js";
import type { IEngineServer } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";

/** What a program said of itself. */
export interface Told {
  readonly errors: string[];
  readonly warnings: string[];
}

/** Pulumi's engine as a program sees it: it keeps the stack's URN and listens to what is logged. */
export function engineFor(told: Told): IEngineServer {
  let root = "";
  return {
    log: answering((request: engine.LogRequest) => {
      if (request.getSeverity() === engine.LogSeverity.ERROR) told.errors.push(request.getMessage());
      if (request.getSeverity() === engine.LogSeverity.WARNING) told.warnings.push(request.getMessage());
      return new empty.Empty();
    }),
    getRootResource: answering(() => {
      const response = new engine.GetRootResourceResponse();
      response.setUrn(root);
      return response;
    }),
    setRootResource: answering((request: engine.SetRootResourceRequest) => {
      root = request.getUrn();
      return new engine.SetRootResourceResponse();
    }),
    startDebugging: answering(() => new empty.Empty()),
    requirePulumiVersion: answering(() => new engine.RequirePulumiVersionResponse()),
  };
}

const answering =
  <Request, Response>(answer: (request: Request) => Response): handleUnaryCall<Request, Response> =>
  ({ request }, callback) =>
    callback(null, answer(request));
