import { cellRegions } from "@castle/regions/catalogue.ts";
import { RESTORE_PREFIX } from "../restore-test/actions.ts";
import { fill, type Policy } from "./iam-policy.ts";

const inEach = (resource: string): string[] =>
  cellRegions.map((region) => `arn:aws:rds:${region}:${fill("Account")}:${resource}`);

const made = inEach(`cluster:${RESTORE_PREFIX}*`);
const instances = inEach(`db:${RESTORE_PREFIX}*`);

/**
 * What `castle readiness --restore-test` needs besides the operator's policy, and nothing more: a policy of its own, since
 * nobody who hands a role over has to make databases. It deletes what is called as it calls it, and nothing else.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_rds.html
 */
export function restoreTestPolicy(): Policy {
  const allow = (Sid: string, Action: readonly string[], Resource: readonly string[]) =>
    ({ Sid, Effect: "Allow", Action, Resource }) as const;
  return {
    Version: "2012-10-17",
    Statement: [
      allow(
        "MakeAnInstance",
        ["rds:CreateDBInstance"],
        [...instances, ...made, ...["og:*", "pg:*", "secgrp:*", "subgrp:*"].flatMap(inEach)],
      ),
      allow(
        "RestoreTheBackup",
        ["rds:RestoreDBClusterFromSnapshot"],
        [...made, ...["cluster-snapshot:*", "cluster-pg:*", "og:*", "subgrp:*"].flatMap(inEach)],
      ),
      allow("SeeClusters", ["rds:DescribeDBClusters"], [...inEach(`cluster:${fill("Cluster")}`), ...made]),
      allow("SeeInstances", ["rds:DescribeDBInstances"], inEach("db:*")),
      allow(
        "SeeTheSnapshots",
        ["rds:DescribeDBClusterSnapshots"],
        [...inEach(`cluster:${fill("Cluster")}`), ...inEach("cluster-snapshot:*")],
      ),
      allow("TakeTheClusterAway", ["rds:DeleteDBCluster"], made),
      allow("TakeTheInstanceAway", ["rds:DeleteDBInstance"], instances),
    ],
  };
}
