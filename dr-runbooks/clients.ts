import type { ACMClient } from "@aws-sdk/client-acm";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ECRClient } from "@aws-sdk/client-ecr";
import type { EKSClient } from "@aws-sdk/client-eks";
import type { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import type { GlobalAcceleratorClient } from "@aws-sdk/client-global-accelerator";
import type { RDSClient } from "@aws-sdk/client-rds";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { SNSClient } from "@aws-sdk/client-sns";
import type { STSClient } from "@aws-sdk/client-sts";
import { tellingCalls } from "@castle/regions/calls/told.ts";
import type { RegionName } from "@castle/regions/catalogue.ts";
import { awsCredentials } from "@castle/regions/credentials.ts";
import { labCredentials, requireLoopback } from "@castle/regions/loopback.ts";
import { onlyToAws } from "@castle/regions/only-aws.ts";
import { sdk } from "./aws/sdk.ts";
import type { Target } from "./target.ts";

/** Global Accelerator has one control plane, whatever regions its endpoints are in. */
export const ACCELERATOR_REGION = "us-west-2";

/** The AWS clients of a runbook, one for each service and region, made when first asked for. */
export interface AwsClients {
  rds(region: RegionName): RDSClient;
  cache(region: RegionName): ElastiCacheClient;
  accelerator(): GlobalAcceleratorClient;
  eks(region: RegionName): EKSClient;
  images(region: RegionName): ECRClient;
  secrets(region: RegionName): SecretsManagerClient;
  quotas(region: RegionName): ServiceQuotasClient;
  metrics(region: RegionName): CloudWatchClient;
  certificates(region: RegionName): ACMClient;
  topics(region: RegionName): SNSClient;
  evidence(region: RegionName): S3Client;
  /** Who this process acts as. */
  identity(region: RegionName): STSClient;
  /** Ends the connections they keep open. */
  close(): void;
}

type AnyClient = { destroy(): void } & Parameters<typeof onlyToAws>[0] & Parameters<typeof tellingCalls>[0];

/** What clients are made for. The names of what it runs are told with the calls about it. */
export type ClientsOf = Pick<Target, "kind" | "name" | "awsEndpoint"> &
  Partial<Pick<Target, "globalClusterIdentifier" | "globalReplicationGroupId" | "cells">>;

/**
 * Builds clients for a target, and for nothing else: a lab's clients are given the lab's endpoint and credentials that
 * open nothing, explicitly, so that no variable, profile or instance role can lead a rehearsal to a real account; those
 * of AWS have AWS's usual credentials, and send nothing anywhere else. Every call is told to whoever listens to the work
 * that it is made for: see regions/calls/.
 * @throws Error when a lab has no endpoint on this machine, or an AWS target has an endpoint of its own.
 */
export function awsClients(target: ClientsOf): AwsClients {
  const access = accessTo(target);
  const ownNames = ownNamesOf(target);
  const made = new Map<string, { destroy(): void }>();
  const guarded = target.kind === "aws" ? onlyToAws : <Client>(client: Client): Client => client;
  const once = <Client extends AnyClient>(key: string, make: () => Client): Client => {
    const known = made.get(key);
    // Keys name service and region, so what was made under a key has its type.
    if (known) return known as Client;
    const client = tellingCalls(guarded(make()), ownNames);
    made.set(key, client);
    return client;
  };
  return {
    rds: (region) => once(`rds ${region}`, () => new sdk.rds.RDSClient({ ...access, region })),
    cache: (region) =>
      once(`cache ${region}`, () => new sdk.elasticache.ElastiCacheClient({ ...access, region })),
    accelerator: () =>
      once(
        "accelerator",
        () => new sdk.globalAccelerator.GlobalAcceleratorClient({ ...access, region: ACCELERATOR_REGION }),
      ),
    eks: (region) => once(`eks ${region}`, () => new sdk.eks.EKSClient({ ...access, region })),
    images: (region) => once(`images ${region}`, () => new sdk.ecr.ECRClient({ ...access, region })),
    secrets: (region) =>
      once(`secrets ${region}`, () => new sdk.secretsManager.SecretsManagerClient({ ...access, region })),
    quotas: (region) =>
      once(`quotas ${region}`, () => new sdk.serviceQuotas.ServiceQuotasClient({ ...access, region })),
    metrics: (region) =>
      once(`metrics ${region}`, () => new sdk.cloudWatch.CloudWatchClient({ ...access, region })),
    certificates: (region) =>
      once(`certificates ${region}`, () => new sdk.acm.ACMClient({ ...access, region })),
    topics: (region) => once(`topics ${region}`, () => new sdk.sns.SNSClient({ ...access, region })),
    evidence: (region) =>
      // A lab has no host name for each bucket: there they stand in the path.
      once(
        `evidence ${region}`,
        () => new sdk.s3.S3Client({ ...access, region, forcePathStyle: target.kind === "lab" }),
      ),
    identity: (region) => once(`identity ${region}`, () => new sdk.sts.STSClient({ ...access, region })),
    close: () => {
      for (const client of made.values()) client.destroy();
      made.clear();
    },
  };
}

/** The identifiers by which the target names what it runs. */
function ownNamesOf({ globalClusterIdentifier, globalReplicationGroupId, cells }: ClientsOf): Set<string> {
  const ofCells = Object.values(cells ?? {}).flatMap(
    ({ clusterArn, replicationGroupId, endpointGroupArn, endpointId }) => [
      ...[clusterArn, replicationGroupId, endpointGroupArn, endpointId],
    ],
  );
  const names = [globalClusterIdentifier, globalReplicationGroupId, ...ofCells];
  return new Set(names.filter((name) => name !== undefined));
}

const patience = {
  // The runner repeats, and looks before it does; the SDK would repeat a call whose fate is unknown.
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
} as const;

function accessTo(target: Pick<Target, "kind" | "name" | "awsEndpoint">) {
  switch (target.kind) {
    case "lab":
      if (target.awsEndpoint === undefined)
        throw new Error(
          `target "${target.name}" is a lab without awsEndpoint: without one, its calls would go to AWS itself. Start the lab again; it writes the target anew`,
        );
      return {
        ...patience,
        endpoint: requireLoopback(target.awsEndpoint, `awsEndpoint of target "${target.name}"`),
        credentials: labCredentials,
        useFipsEndpoint: false,
        useDualstackEndpoint: false,
      };
    case "aws":
      if (target.awsEndpoint !== undefined)
        throw new Error(`target "${target.name}" is AWS itself and has an awsEndpoint; remove it`);
      return { ...patience, credentials: awsCredentials() };
    default:
      return target.kind satisfies never;
  }
}
