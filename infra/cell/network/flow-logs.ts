import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import { assumedByService, policyDocument } from "../../policy-document.ts";
import type { CellContext } from "../context.ts";
import type { KeyPart } from "../parts.ts";

export interface FlowLogsArgs {
  readonly context: CellContext;
  readonly keys: KeyPart;
  readonly vpcId: Input<string>;
}

/** A line for every connection of a VPC, accepted or refused, kept as long as the profile says. */
export class FlowLogs extends ComponentResource {
  constructor(name: string, { context, keys, vpcId }: FlowLogsArgs, opts?: ComponentResourceOptions) {
    super("castle:cell:FlowLogs", name, {}, opts);
    const { account, profile } = context.settings;

    const group = new aws.cloudwatch.LogGroup(
      name,
      { retentionInDays: profile.keep.logDays, kmsKeyId: keys.keyArn },
      { parent: this },
    );
    const role = new aws.iam.Role(
      name,
      {
        description: "Lets VPC flow logs write to their log group",
        assumeRolePolicy: assumedByService("vpc-flow-logs.amazonaws.com", account),
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      name,
      {
        role: role.id,
        policy: group.arn.apply((arn) =>
          policyDocument([
            {
              Sid: "WriteToTheGroup",
              Effect: "Allow",
              Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
              // A stream for each network interface, named by AWS.
              Resource: [arn, `${arn}:*`],
            },
          ]),
        ),
      },
      { parent: this },
    );
    new aws.ec2.FlowLog(
      name,
      {
        vpcId,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 60,
      },
      { parent: this, dependsOn: [policy] },
    );
    this.registerOutputs({ logGroupArn: group.arn });
  }
}
