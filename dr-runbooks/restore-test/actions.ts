/** What every cluster and instance is called that a restore test makes: it deletes nothing else, and may not. */
export const RESTORE_PREFIX = "castle-restore-test-";

/** What a restore test asks of RDS, as IAM names it. */
export const restoreTestActions: readonly string[] = [
  "rds:CreateDBInstance",
  "rds:DeleteDBCluster",
  "rds:DeleteDBInstance",
  "rds:DescribeDBClusterSnapshots",
  "rds:DescribeDBClusters",
  "rds:DescribeDBInstances",
  "rds:RestoreDBClusterFromSnapshot",
];
