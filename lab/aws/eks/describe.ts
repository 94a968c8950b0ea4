import type { Cluster as EksCluster, Nodegroup } from "@aws-sdk/client-eks";
import { nodeType } from "../../kubernetes/node-type.ts";
import type { Cluster } from "../clusters.ts";
import type { LabIdentifiers } from "../identifiers.ts";

export function describeCluster(
  { name, version, endpoint, certificateAuthority, createdAt }: Cluster,
  region: string,
  { account }: LabIdentifiers,
): EksCluster {
  return {
    ...{ name, version, endpoint, createdAt, status: "ACTIVE", platformVersion: "eks.1" },
    arn: `arn:aws:eks:${region}:${account}:cluster/${name}`,
    roleArn: `arn:aws:iam::${account}:role/castle-cluster`,
    resourcesVpcConfig: { endpointPublicAccess: false, endpointPrivateAccess: true },
    certificateAuthority: { data: Buffer.from(certificateAuthority).toString("base64") },
    health: { issues: [] },
    tags: {},
  };
}

export function describeNodegroup(
  { name, version, nodes }: Cluster,
  nodegroupName: string,
  place: { readonly region: string; readonly isUpdating: boolean },
  { account }: LabIdentifiers,
): Nodegroup {
  const { min, max, desired } = nodes.scaling;
  return {
    ...{ nodegroupName, clusterName: name, version, createdAt: nodes.createdAt },
    nodegroupArn: `arn:aws:eks:${place.region}:${account}:nodegroup/${name}/${nodegroupName}/ca571e00`,
    status: place.isUpdating ? "UPDATING" : "ACTIVE",
    capacityType: "ON_DEMAND",
    instanceTypes: [nodeType.name],
    scalingConfig: { minSize: min, maxSize: max, desiredSize: desired },
    nodeRole: `arn:aws:iam::${account}:role/castle-nodes`,
    health: { issues: [] },
    tags: {},
  };
}
