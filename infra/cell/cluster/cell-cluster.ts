import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as kubernetes from "@pulumi/kubernetes";
import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { CellContext } from "../context.ts";
import { layOutSubnets } from "../network/subnet-layout.ts";
import type { ClusterPart, KeyPart, NetworkPart } from "../parts.ts";
import { AddOns } from "./add-ons/add-ons.ts";
import { doorsOf } from "./doors.ts";
import { Nodes, nodeRole } from "./nodes.ts";
import { KUBERNETES } from "./versions.ts";

export interface CellClusterArgs {
  readonly context: CellContext;
  readonly network: Pick<NetworkPart, "vpcId" | "publicSubnetIds" | "privateSubnetIds" | "ranges">;
  readonly keys: KeyPart;
  /** Where the services' lines are written. */
  readonly servicesLogGroup: string;
}

/** The group that docs/runbooks/rbac.yaml lets act, beside reading what there is. */
const RUNBOOKS_GROUP = "castle-runbooks";
const READS = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";

/**
 * The cell's Kubernetes. Its API has no public address: `pulumi up`, operators and runbooks reach it from inside the
 * network. @pulumi/eks makes it as one whole, so what a policy has to judge in a preview is given to it in plain words;
 * nodes are AWS's own resource, since how they are encrypted and how their metadata is asked for must be seen, too.
 */
export class CellCluster extends ComponentResource implements ClusterPart {
  readonly name: string;
  readonly kubernetes: kubernetes.Provider;

  constructor(
    name: string,
    { context, network, keys, servicesLogGroup }: CellClusterArgs,
    opts?: ComponentResourceOptions,
  ) {
    super("castle:cell:CellCluster", name, {}, opts);
    const { settings, names } = context;
    const here = { parent: this };
    this.name = names.cluster;

    const nodeRoleName = `${names.prefix}-node-${context.region.name}`;
    const role = nodeRole(`${name}-node`, nodeRoleName, this);
    const cluster = new eks.Cluster(
      `${name}-cluster`,
      {
        name: names.cluster,
        version: KUBERNETES,
        vpcId: network.vpcId,
        publicSubnetIds: network.publicSubnetIds,
        privateSubnetIds: network.privateSubnetIds,
        nodeAssociatePublicIpAddress: false,
        endpointPrivateAccess: true,
        endpointPublicAccess: false,
        encryptionConfigKeyArn: keys.keyArn,
        enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
        authenticationMode: eks.AuthenticationMode.Api,
        accessEntries: Object.fromEntries(settings.operators.map((arn) => [nameOfRole(arn), operator(arn)])),
        instanceRoles: [role],
        skipDefaultNodeGroup: true,
        // One group, EKS's own, around the API, every node and every pod; doors.ts opens it for who stands outside.
        skipDefaultSecurityGroups: true,
        // Pods are given their roles by EKS's own agent, not by an identity provider of each cluster.
        createOidcProvider: false,
        // Said, since EKS's default CNI would enforce no NetworkPolicy, and would not tell.
        useDefaultVpcCni: false,
        vpcCniOptions: { enableNetworkPolicy: true, securityContextPrivileged: false },
        upgradePolicy: { supportType: "STANDARD" },
        deletionProtection: settings.profile.protectData,
      },
      { ...here, protect: settings.profile.protectData },
    );
    this.kubernetes = new kubernetes.Provider(
      `${name}-kubernetes`,
      { kubeconfig: cluster.kubeconfigJson, enableServerSideApply: true },
      { ...here, dependsOn: [cluster] },
    );

    const peerPrivate = context.peer ? layOutSubnets(context.peer.cidr).private : [];
    for (const { name: door, ...rule } of doorsOf(network.ranges, peerPrivate))
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-${door}`,
        { securityGroupId: cluster.clusterSecurityGroupId, ...rule },
        here,
      );

    const inside = { parent: this, dependsOn: [cluster] };
    const nodes = new Nodes(`${name}-nodes`, { context, network, keys, role, version: KUBERNETES }, inside);
    new aws.eks.Addon(
      `${name}-pod-identity`,
      {
        clusterName: names.cluster,
        addonName: "eks-pod-identity-agent",
        resolveConflictsOnUpdate: "OVERWRITE",
      },
      inside,
    );
    new AddOns(
      `${name}-add-ons`,
      { context, keys, vpcId: network.vpcId, nodeRoleName, servicesLogGroup },
      { ...here, providers: { kubernetes: this.kubernetes }, dependsOn: [cluster, nodes] },
    );
    this.registerOutputs({ name: this.name });
  }
}

const nameOfRole = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

const operator = (principalArn: string): eks.types.input.AccessEntryArgs => ({
  principalArn,
  kubernetesGroups: [RUNBOOKS_GROUP],
  accessPolicies: { reads: { policyArn: READS, accessScope: { type: "cluster" } } },
});
