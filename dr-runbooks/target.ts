import { type CellRegion, cellRegions } from "@castle/regions/catalogue.ts";
import { serviceNames } from "@castle/services/catalogue.ts";
import { z } from "zod";
import { isPublicKey } from "./evidence/signing-key.ts";
import { objectivesSchema } from "./objectives.ts";
import { misplaced } from "./target-places.ts";

const replicas = z
  .object({ standby: z.int().min(1), active: z.int().min(1) })
  .refine(({ standby, active }) => standby <= active, "an active cell runs at least what a standby does");

const cluster = z.object({
  name: z.string().regex(/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/, "must be the name of an EKS cluster"),
  /** Of the services' deployments, each of which has its service's name. */
  namespace: z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "must be the name of a namespace"),
  /** Sizes other than the catalogue's, as in a lab on a small machine. */
  replicas: z.partialRecord(z.enum(serviceNames), replicas).optional(),
});

/** As S3 allows them; a name with a dot would not fit AWS's certificate. */
const bucketName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "is no name of a bucket: 3 to 63 of a-z, 0-9 and -");

/**
 * Where the things are that a runbook acts on. The lab writes one; on AWS it is built from the stacks' outputs. A lab
 * target carries its AWS endpoint, and the client factory refuses to build a client for it without.
 */
const cell = z.object({
  /** The cell's database (Aurora member), with user and password. */
  databaseUrl: z.url(),
  /** Where the database is found while `databaseUrl` leads nowhere: an Aurora secondary has a reader endpoint alone. */
  databaseReaderUrl: z.url().optional(),
  journalUrl: z.url(),
  redisUrl: z.url(),
  /** RDS DB cluster ARN of the Aurora member. */
  clusterArn: z.string().startsWith("arn:aws:rds:"),
  /** ElastiCache replication group of the cell. */
  replicationGroupId: z.string().min(1),
  /** Global Accelerator endpoint group of the region, and the load balancer that is its one endpoint. */
  endpointGroupArn: z.string().startsWith("arn:aws:globalaccelerator:"),
  endpointId: z.string().min(1),
  /** SNS topic of the region where handovers are told; without one nobody is told. */
  topicArn: z.string().startsWith("arn:aws:sns:").optional(),
  /** URLs of the order gateways' metrics; a name that resolves to several addresses is asked at each of them. */
  metrics: z.array(z.url({ protocol: /^https?$/ })).optional(),
  /** Why there are no credentials for the cell's servers: what asks one of them is told so. */
  withheld: z.string().min(1).optional(),
  /** EKS cluster of the cell's services; without one nothing is scaled, and readiness does not look at pods. */
  cluster: cluster.optional(),
});

/** Names that are the same in both regions. */
const readiness = z.object({
  /** ECR repositories of the services' images. */
  repositories: z.array(z.string().min(1)),
  /** Secrets Manager's names of what services are given. */
  secrets: z.array(z.string().min(1)),
  /** Service quotas, and what each region must at least have of them. */
  quotas: z.array(
    z.object({
      serviceCode: z.string().min(1),
      quotaCode: z.string().min(1),
      least: z.number().nonnegative(),
    }),
  ),
  /** Domain names of the certificates that a cell's load balancer presents. */
  certificates: z.array(z.string().min(1)).optional(),
  /** What backups must at least be, in days that they are kept and in minutes since the last moment that can be restored. */
  backups: z.object({ keptDays: z.number().positive(), freshMinutes: z.number().positive() }).optional(),
});

/** Somebody who may approve. A private key is none that a target may hold. */
export const approver = z.object({
  name: z.string().min(1),
  publicKey: z.string().refine(isPublicKey, "must be an Ed25519 public key as PEM (castle approve --keygen)"),
});

/** How the records of executions are kept as evidence. */
const evidence = z
  .object({
    /**
     * The one key that signs the records, as a PEM file; made beside them where it is not named. Safer where whoever can
     * write the records cannot read it, and never in a bucket: another machine has it from a secret store.
     */
    keyFile: z.string().min(1),
    /** S3 buckets with Object Lock, one in a cell's own region, that keep a copy of every line. */
    buckets: z.partialRecord(z.enum(cellRegions), bucketName).optional(),
    /** For how many days a line in a bucket cannot be removed, by anybody. */
    retentionDays: z.int().min(1).max(36_500).optional(),
  })
  .refine(({ buckets, retentionDays }) => buckets === undefined || retentionDays !== undefined, {
    path: ["retentionDays"],
    message:
      "must say for how many days the buckets keep every line: a copy that can be removed is no evidence",
  });

export const targetSchema = z
  .object({
    kind: z.enum(["lab", "aws"]),
    name: z.string().min(1),
    /** The AWS account all of it is in. */
    account: z
      .string()
      .regex(/^\d{12}$/)
      .optional(),
    /** The one AWS endpoint of a lab, for every service. */
    awsEndpoint: z.url().optional(),
    witness: z.object({ table: z.string().min(1), region: z.string().min(1), endpoint: z.url().optional() }),
    globalClusterIdentifier: z.string().min(1),
    globalReplicationGroupId: z.string().min(1),
    cells: z.record(z.enum(cellRegions), cell),
    /** What a cell is started from, and must find in its own region. */
    readiness: readiness.optional(),
    /**
     * Who may agree to what a runbook asks, by a file that they sign (castle approve): each with an Ed25519 public key
     * as PEM. Nobody by default: only whoever sits at the runner's terminal.
     */
    approvers: z.array(approver).optional(),
    /** What its handovers have to keep to; recorded with each, and held against what it achieved. */
    objectives: objectivesSchema.optional(),
    /** Folder of execution records. */
    runsFolder: z.string().min(1),
    evidence: evidence.optional(),
  })
  .superRefine((target, check) => {
    for (const { path, message } of misplaced(target))
      check.addIssue({ code: "custom", path: [...path], message });
  });

export type Target = z.infer<typeof targetSchema>;
export type { CellRegion };
export type CellTarget = Target["cells"][CellRegion];
export type ClusterTarget = NonNullable<CellTarget["cluster"]>;
