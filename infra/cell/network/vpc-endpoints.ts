import * as aws from "@pulumi/aws";
import { all, ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { CellContext } from "../context.ts";
import { dynamodbEndpointPolicy, interfaceEndpointPolicy, s3EndpointPolicy } from "./endpoint-policies.ts";
import { interfaceEndpointsOf } from "./endpoints.ts";
import type { TieredVpc } from "./tiered-vpc.ts";

export interface VpcEndpointsArgs {
  readonly context: CellContext;
  readonly vpc: TieredVpc;
}

/** The region's services, reached without leaving the VPC. */
export class VpcEndpoints extends ComponentResource {
  constructor(name: string, { context, vpc }: VpcEndpointsArgs, opts?: ComponentResourceOptions) {
    super("castle:cell:VpcEndpoints", name, {}, opts);
    const { account, profile } = context.settings;
    const region = context.region.name;

    // Gateways cost nothing, and keep what is read and written there off the NAT gateways' bill.
    for (const [service, policy] of [
      ["s3", s3EndpointPolicy(account, region)],
      ["dynamodb", dynamodbEndpointPolicy(account)],
    ] as const)
      new aws.ec2.VpcEndpoint(
        `${name}-${service}`,
        {
          vpcId: vpc.vpcId,
          serviceName: `com.amazonaws.${region}.${service}`,
          vpcEndpointType: "Gateway",
          routeTableIds: all([vpc.routeTableIds.private, vpc.routeTableIds.data]).apply((ids) => ids.flat()),
          policy,
        },
        { parent: this },
      );

    const endpoints = interfaceEndpointsOf(profile);
    if (endpoints.length > 0) {
      const group = new aws.ec2.SecurityGroup(
        name,
        {
          vpcId: vpc.vpcId,
          description: "The private tier asks AWS through interface endpoints",
          ingress: [
            {
              description: "HTTPS from the private tier",
              protocol: "tcp",
              fromPort: 443,
              toPort: 443,
              cidrBlocks: [...vpc.ranges.private],
            },
          ],
          egress: [],
        },
        { parent: this },
      );
      for (const { service } of endpoints)
        new aws.ec2.VpcEndpoint(
          `${name}-${service}`,
          {
            vpcId: vpc.vpcId,
            serviceName: `com.amazonaws.${region}.${service}`,
            vpcEndpointType: "Interface",
            privateDnsEnabled: true,
            subnetIds: vpc.privateSubnetIds,
            securityGroupIds: [group.id],
            policy: interfaceEndpointPolicy(account),
          },
          { parent: this },
        );
    }
    this.registerOutputs({});
  }
}
