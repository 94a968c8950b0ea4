import { type CellRegion, cellRegions } from "@castle/regions/catalogue.ts";
import { isLoopback } from "@castle/regions/loopback.ts";
import { z } from "zod";

/**
 * Where the things are that a runbook acts on. The lab writes one; on AWS it is built from the stacks' outputs. A lab
 * target carries its AWS endpoint, and the client factory refuses to build a client for it without.
 */
const cell = z.object({
  /** The cell's database (Aurora member), with user and password. */
  databaseUrl: z.url(),
  journalUrl: z.url(),
  redisUrl: z.url(),
  /** RDS DB cluster ARN of the Aurora member. */
  clusterArn: z.string().startsWith("arn:aws:rds:"),
  /** ElastiCache replication group of the cell. */
  replicationGroupId: z.string().min(1),
  /** Global Accelerator endpoint group of the region, and the load balancer that is its one endpoint. */
  endpointGroupArn: z.string().startsWith("arn:aws:globalaccelerator:"),
  endpointId: z.string().min(1),
});

export const targetSchema = z
  .object({
    kind: z.enum(["lab", "aws"]),
    name: z.string().min(1),
    /** The one AWS endpoint of a lab, for every service. */
    awsEndpoint: z.url().optional(),
    witness: z.object({ table: z.string().min(1), region: z.string().min(1), endpoint: z.url().optional() }),
    globalClusterIdentifier: z.string().min(1),
    globalReplicationGroupId: z.string().min(1),
    cells: z.record(z.enum(cellRegions), cell),
    /** Folder of execution records. */
    runsFolder: z.string().min(1),
  })
  .superRefine((target, check) => {
    for (const [path, url] of [
      [["awsEndpoint"], target.awsEndpoint],
      [["witness", "endpoint"], target.witness.endpoint],
    ] as const) {
      const mistake = (message: string): void => check.addIssue({ code: "custom", path: [...path], message });
      if (target.kind === "lab" && (url === undefined || !isLoopback(url)))
        mistake("a lab's endpoint must be on loopback");
      if (target.kind === "aws" && url !== undefined) mistake("AWS itself has no endpoint of its own");
    }
  });

export type Target = z.infer<typeof targetSchema>;
export type { CellRegion };
export type CellTarget = Target["cells"][CellRegion];
