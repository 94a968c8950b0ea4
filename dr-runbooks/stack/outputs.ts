import { isIP } from "node:net";
import { type CellRegion, cellRegions, homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { z } from "zod";
import { objectivesSchema } from "../objectives.ts";
import { approver } from "../target.ts";

/** What a stack has to export for Castle's runbooks to act on it. The page for people is made from these schemas. */

const host = z
  .string()
  .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, "a host name without a port")
  .refine((name) => isIP(name) === 0, "a host name, which TLS can vouch for, and no address");
const port = z.int().min(1).max(65_535);
const arn = (service: string, what: string) =>
  z.string().startsWith(`arn:aws:${service}:`, `the ARN of ${what}`);
/** Kept apart from what services are given, so that the operator's policy can be narrowed to them. */
const operatorSecret = z
  .string()
  .regex(/^castle\/operator\/[\w+=.@/-]+$/, "the name of a secret under castle/operator/, never its value");
const names = z.array(z.string().min(1));

const database = z.object({
  clusterArn: arn("rds", "the Aurora cluster").describe("ARN of the cell's Aurora cluster"),
  endpoint: host.describe("its cluster endpoint, which leads to the writer while the cell is the primary"),
  readerEndpoint: host.describe("its reader endpoint, which is all there is while the cell is a secondary"),
  port: port.default(5432).describe("its port"),
  name: z.string().min(1).default("castle").describe("the database in it"),
  secret: operatorSecret.describe("Secrets Manager's name of `{username, password}` for the operator"),
});

const journal = z.object({
  endpoint: host.describe("the journal's endpoint (RDS for PostgreSQL)"),
  port: port.default(5432).describe("its port"),
  name: z.string().min(1).default("journal").describe("the database in it"),
  secret: operatorSecret.describe("Secrets Manager's name of `{username, password}` for the operator"),
});

const cache = z.object({
  replicationGroupId: z.string().min(1).describe("the cell's ElastiCache replication group"),
  endpoint: host.describe("its primary endpoint; TLS in transit is on"),
  port: port.default(6379).describe("its port"),
  secret: operatorSecret.describe(
    "Secrets Manager's name of `{password}`, with `username` where RBAC is used",
  ),
});

const edge = z.object({
  endpointGroupArn: arn("globalaccelerator", "the endpoint group").describe(
    "Global Accelerator's endpoint group of the region",
  ),
  endpointId: arn("elasticloadbalancing", "the load balancer").describe(
    "ARN of the load balancer that is its one endpoint",
  ),
});

const cluster = z.object({
  name: z.string().min(1).describe("the cell's EKS cluster"),
  namespace: z.string().min(1).default("castle").describe("the namespace its services run in"),
});

/** Of each of the two stacks. */
export const cellOutputs = z.object({
  region: z.enum(cellRegions).describe("the cell's region, as in regions/catalogue.ts"),
  account: z
    .string()
    .regex(/^\d{12}$/, "the account's twelve digits, as a string")
    .describe("the AWS account; the runner refuses to act in another"),
  database,
  journal,
  cache,
  edge,
  cluster: cluster.optional(),
  evidenceBucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "the name of a bucket, without dots")
    .optional()
    .describe("the bucket, with Object Lock, that holds the executions' records"),
  topicArn: arn("sns", "the topic").optional().describe("the SNS topic on which handovers are announced"),
  metrics: z
    .array(z.url({ protocol: /^https?$/ }))
    .optional()
    .describe("URLs of the gateways' metrics; a name that resolves to several addresses is asked at each"),
});

const quota = z.object({
  serviceCode: z.string().min(1),
  quotaCode: z.string().min(1),
  least: z.number().nonnegative(),
});

/** Of the stack of the home cell, which holds what both cells share. */
export const homeOutputs = cellOutputs.extend({
  peerStack: z.string().min(1).describe("name of the stack of the peer cell"),
  globalClusterIdentifier: z.string().min(1).describe("the Aurora global database"),
  globalReplicationGroupId: z.string().min(1).describe("the ElastiCache global datastore"),
  witnessTableArn: z
    .string()
    .regex(/^arn:aws:dynamodb:[a-z0-9-]+:\d{12}:table\/[\w.-]+$/, "the ARN of a DynamoDB table")
    .describe("ARN of the witness's DynamoDB table, in the third region"),
  repositories: names.describe("ECR repositories of the services' images, the same names in both regions"),
  secrets: names.describe("Secrets Manager's names of what services are given, the same in both regions"),
  quotas: z
    .array(quota)
    .describe("`{serviceCode, quotaCode, least}`: service quotas, and what each region must have of them"),
  evidenceRetentionDays: z.int().positive().optional().describe("how long the records' Object Lock holds"),
  approvers: z
    .array(approver)
    .optional()
    .describe(
      "`{name, publicKey}`: who may approve by a signed file (`castle approve`), with Ed25519 keys as PEM",
    ),
  certificates: names.optional().describe("domain names of the certificates that the load balancers present"),
  objectives: objectivesSchema
    .optional()
    .describe("`{recoveryTimeSeconds, recoveryPointCommands, recoveryPointSeconds}`: what handovers keep to"),
});

export type CellOutputs = z.infer<typeof cellOutputs>;
export type HomeOutputs = z.infer<typeof homeOutputs>;

/** Both stacks' outputs, of one Castle. */
export interface CastleOutputs {
  /** Name of the home cell's stack. */
  readonly stack: string;
  readonly home: HomeOutputs;
  readonly peer: CellOutputs;
}

/** Whether two stacks make one Castle: what each of them cannot tell by itself, a line each; none when they do. Pure. */
export function mistakesOf({ home, peer }: Pick<CastleOutputs, "home" | "peer">): string[] {
  return [
    ...(home.region === homeRegion ? [] : [`the home stack is in ${home.region}, not in ${homeRegion}`]),
    ...(peer.region === peerRegion ? [] : [`the peer stack is in ${peer.region}, not in ${peerRegion}`]),
    ...(home.account === peer.account
      ? []
      : [`the home stack is in account ${home.account}, the peer's in ${peer.account}`]),
    ...strangers("the home stack", home, [home.database.clusterArn, home.edge.endpointId, home.topicArn]),
    ...strangers("the peer stack", peer, [peer.database.clusterArn, peer.edge.endpointId, peer.topicArn]),
    ...((home.evidenceBucket ?? peer.evidenceBucket) === undefined || home.evidenceRetentionDays !== undefined
      ? []
      : ["buckets of evidence need evidenceRetentionDays: a copy that can be removed is none"]),
    ...(home.witnessTableArn.split(":")[4] === home.account
      ? []
      : ["the witness's table is of another account"]),
  ];
}

/** ARNs that are of another region or account than the stack. */
function strangers(
  stack: string,
  { region, account }: { readonly region: CellRegion; readonly account: string },
  arns: readonly (string | undefined)[],
): string[] {
  return arns
    .filter((found) => found !== undefined)
    .filter((found) => found.split(":")[3] !== region || found.split(":")[4] !== account)
    .map((found) => `${stack}, of ${region} in account ${account}, names ${found}`);
}
