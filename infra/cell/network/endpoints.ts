import type { Profile } from "../../settings/profiles.ts";

/** An AWS service that the private tier reaches inside the VPC. */
export interface InterfaceEndpoint {
  /** As in the endpoint's name: `com.amazonaws.<region>.<service>`. */
  readonly service: string;
  readonly reason: string;
}

/**
 * What a cell needs of its region to start a node and a pod, and to take over: it must not hang on the way out to the
 * internet. Each costs by zone and hour, so a service that only operators ask goes by the NAT gateway.
 */
const interfaceEndpoints: readonly InterfaceEndpoint[] = [
  { service: "ecr.api", reason: "a node asks for a token before it pulls an image" },
  { service: "ecr.dkr", reason: "a node pulls images' manifests; their layers come through the S3 gateway" },
  { service: "ec2", reason: "the VPC CNI gives pods their addresses, Karpenter starts nodes" },
  { service: "eks", reason: "a node asks for its cluster before it joins" },
  { service: "eks-auth", reason: "the Pod Identity agent gets every pod's credentials from it" },
  { service: "sts", reason: "roles are taken in the region, not in the world's one endpoint" },
  { service: "elasticloadbalancing", reason: "the load balancer controller registers pods as targets" },
  { service: "secretsmanager", reason: "External Secrets brings in what services are given" },
  { service: "kms", reason: "what is encrypted with the cell's key is opened by it" },
  { service: "logs", reason: "a cell that cannot tell its logs is blind on the day when it counts" },
  { service: "monitoring", reason: "alarms and handovers go by its metrics" },
  { service: "sqs", reason: "Karpenter hears of interruptions from a queue" },
];

/** None in a preview: its one NAT gateway does, and endpoints would cost more than its nodes. */
export const interfaceEndpointsOf = (profile: Profile): readonly InterfaceEndpoint[] =>
  profile.name === "preview" ? [] : interfaceEndpoints;
