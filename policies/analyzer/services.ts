import analyzer from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";

/** Pulumi's client of a policy pack, by the name its own programs ask for. */
export const { AnalyzerClient } = analyzer;
export type AnalyzerClient = InstanceType<typeof AnalyzerClient>;
