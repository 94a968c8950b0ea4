import { expect } from "chai";
import { doorsOf } from "../../../../infra/cell/cluster/doors.ts";
import { edgeServices } from "../../../../infra/cell/ingress/edge-services.ts";
import { layOutSubnets } from "../../../../infra/cell/network/subnet-layout.ts";
import { contextOf } from "../support/cell-context.ts";
import { keys, network } from "../support/parts-of-tests.ts";
import type { Recording } from "../support/recorded.ts";
import { clusterOf } from "./clusters.ts";

const CLUSTER = "eks:index:Cluster";
let production: Recording;
before(async () => {
  production = await clusterOf("prd");
});

describe("the cell's cluster", () => {
  for (const stack of ["prd", "dev"])
    it(`has no public address in ${stack}, and says so in words that a policy reads in a preview`, async () => {
      const { inputs } = (await clusterOf(stack, { preview: true })).one(CLUSTER);
      expect(inputs).to.include({
        endpointPublicAccess: false,
        endpointPrivateAccess: true,
        encryptionConfigKeyArn: keys.keyArn,
        authenticationMode: "API",
        skipDefaultNodeGroup: true,
      });
      expect(inputs["enabledClusterLogTypes"]).to.have.members([
        "api",
        "audit",
        "authenticator",
        "controllerManager",
        "scheduler",
      ]);
      expect(inputs["version"]).to.match(/^1\.\d+$/);
    });

  it("enforces network policies, which EKS's default CNI would leave unread", () => {
    const { useDefaultVpcCni, vpcCniOptions } = production.one(CLUSTER).inputs;
    expect(useDefaultVpcCni).to.equal(false);
    expect(vpcCniOptions).to.include({ enableNetworkPolicy: true });
  });

  it("lets operators' roles act as the group of the runbooks, and nobody else in", () => {
    const entries = Object.values(production.one(CLUSTER).inputs["accessEntries"] as object);
    expect(entries.map(({ principalArn }) => principalArn)).to.deep.equal([
      ...contextOf("prd").settings.operators,
    ]);
    for (const { kubernetesGroups } of entries) expect(kubernetesGroups).to.deep.equal(["castle-runbooks"]);
  });

  it("is kept from deletion where data is protected, and not in a preview", async () => {
    expect(production.one(CLUSTER)).to.deep.include({ protect: true });
    expect(production.one(CLUSTER).inputs["deletionProtection"]).to.equal(true);
    expect((await clusterOf("dev")).one(CLUSTER).protect).to.equal(false);
  });

  it("is asked for what is in it through its own provider alone", () => {
    const inside = production.all.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(inside).not.to.be.empty;
    for (const { provider, name } of inside)
      expect(provider, name).to.match(/pulumi:providers:kubernetes::cell-kubernetes::/);
  });

  it("does not leave out the agent that hands pods their roles", () => {
    expect(production.one("aws:eks/addon:Addon").inputs["addonName"]).to.equal("eks-pod-identity-agent");
  });
});

describe("the cluster's nodes", () => {
  it("have encrypted disks, and answer nobody but themselves for their metadata", () => {
    expect(production.one("aws:ec2/launchTemplate:LaunchTemplate").inputs).to.deep.include({
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            encrypted: "true",
            kmsKeyId: keys.keyArn,
            volumeType: "gp3",
            volumeSize: 40,
            deleteOnTermination: "true",
          },
        },
      ],
    });
  });

  it("stand in the private tier, as many as the profile says, and are not shrunk by a deployment", () => {
    const group = production.one("aws:eks/nodeGroup:NodeGroup");
    const { min, max } = contextOf("prd").settings.profile.nodes;
    expect(group.inputs).to.deep.include({
      subnetIds: network.privateSubnetIds,
      scalingConfig: { minSize: min, desiredSize: min, maxSize: max },
    });
    expect(group.ignoreChanges).to.include("scalingConfig.desiredSize");
  });
});

describe("the cluster's doors", () => {
  const rules = () => production.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
  const from = (port: number) =>
    rules().flatMap(({ inputs }) => (inputs["fromPort"] === port ? [inputs["cidrIpv4"]] : []));

  it("are in EKS's own group, which nodes, pods and the API are in: no other is made", () => {
    expect(production.one(CLUSTER).inputs["skipDefaultSecurityGroups"]).to.equal(true);
    for (const { inputs } of rules()) expect(inputs["securityGroupId"]).to.equal("sg-of-eks");
  });

  it("let the load balancer come to each service that it leads to, for traffic and for health", () => {
    for (const { port, internalPort, name } of edgeServices) {
      expect(from(port), name).to.include.members(network.ranges.public);
      expect(from(internalPort), name).to.include.members(network.ranges.public);
    }
  });

  it("let runners in both cells' private tiers ask the API, and nobody come from anywhere else", () => {
    const peer = layOutSubnets(contextOf("dr").region.cidr).private;
    expect(from(443)).to.deep.equal([...network.ranges.private, ...peer]);
    const known = [...network.ranges.public, ...network.ranges.private, ...peer];
    expect(known).to.include.members(doorsOf(network.ranges, peer).map(({ cidrIpv4 }) => cidrIpv4));
    for (const { inputs } of rules()) expect(inputs["toPort"]).to.equal(inputs["fromPort"]);
  });
});
