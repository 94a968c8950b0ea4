import engine from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import monitor from "@pulumi/pulumi/proto/resource_grpc_pb.js";

/** Pulumi's services by the names its own programs ask for. */
export const { EngineService } = engine;
export const { ResourceMonitorService } = monitor;
export type { IEngineServer } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
export type { IResourceMonitorServer } from "@pulumi/pulumi/proto/resource_grpc_pb.js";
