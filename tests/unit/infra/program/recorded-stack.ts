import { peerOf, regionNamed } from "@castle/regions/catalogue.ts";
import { output } from "@pulumi/pulumi";
import { Castle } from "../../../../infra/castle.ts";
import { namesOf } from "../../../../infra/names.ts";
import { outputsOf } from "../../../../infra/outputs.ts";
import { makeProviders } from "../../../../infra/providers.ts";
import { readSettings } from "../../../../infra/settings/settings.ts";
import { ownConfig, stackConfig } from "../../../../infra/settings/stack-file.ts";
import { type Recording, record } from "../support/recorded.ts";

export interface RecordedStack extends Recording {
  readonly outputs: Record<string, unknown>;
}

/** A whole stack as its committed configuration has it, with what AWS would answer made up. */
export async function recordStack(stack: string): Promise<RecordedStack> {
  const settings = readSettings(stack, ownConfig(stackConfig(stack)));
  const region = regionNamed(settings.region);
  const home = region.purpose === "home";
  const peer = settings.peer ? regionNamed(peerOf(settings.region)) : null;
  const context = { settings, names: namesOf(settings), region, peer, home };
  let outputs: Record<string, unknown> = {};
  const host = (name: string): string => `${name}.abc.${region.name}.rds.amazonaws.com`;
  const recording = await record(
    async () => {
      const castle = new Castle("castle", { context, providers: makeProviders(settings, home) });
      outputs = await new Promise((resolve) => {
        output(outputsOf(castle, context)).apply((told) => resolve(told as Record<string, unknown>));
      });
    },
    {
      stack,
      functions: {
        "aws:secretsmanager/getSecretVersion:getSecretVersion": () => ({
          secretString: '{"password":"made up"}',
        }),
        "aws:secretsmanager/getRandomPassword:getRandomPassword": () => ({ randomPassword: "made up" }),
      },
      outputs: {
        "aws:kms/key:Key": () => ({
          arn: `arn:aws:kms:${region.name}:${settings.account}:key/mrk-0a1b2c3d4e5f60708090a0b0c0d0e0f0`,
        }),
        "aws:rds/cluster:Cluster": (_, name) => ({
          endpoint: host(name),
          readerEndpoint: host(`${name}-ro`),
        }),
        "aws:rds/instance:Instance": (_, name) => ({ address: host(name), endpoint: `${host(name)}:5432` }),
        "aws:elasticache/replicationGroup:ReplicationGroup": (_, name) => ({
          primaryEndpointAddress: host(name),
        }),
        "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": () => ({
          globalReplicationGroupId: "dtzvr-castle",
        }),
        "aws:lb/loadBalancer:LoadBalancer": (_, name) => ({
          arn: `arn:aws:elasticloadbalancing:${region.name}:${settings.account}:loadbalancer/app/${name}/1`,
        }),
        "aws:dynamodb/table:Table": (_, name) => ({
          arn: `arn:aws:dynamodb:eu-west-3:${settings.account}:table/${name}`,
        }),
        "aws:acm/certificate:Certificate": ({ domainName, subjectAlternativeNames }) => ({
          domainValidationOptions: [
            domainName,
            ...((subjectAlternativeNames as string[] | undefined) ?? []),
          ].map((name) => ({
            domainName: name,
            resourceRecordName: `_a.${name}`,
            resourceRecordType: "CNAME",
            resourceRecordValue: "_b.acm-validations.aws",
          })),
        }),
        "aws:sesv2/emailIdentity:EmailIdentity": () => ({
          dkimSigningAttributes: { tokens: ["a", "b", "c"] },
        }),
        "awsx:ec2:Vpc": (_, name) => ({
          vpcId: `${name}-vpc`,
          subnets: [],
          publicSubnetIds: ["a", "b", "c"],
          privateSubnetIds: ["d", "e", "f"],
          isolatedSubnetIds: ["g", "h", "i"],
          routeTables: [],
          routeTableAssociations: [],
        }),
      },
    },
  );
  return { ...recording, outputs };
}
