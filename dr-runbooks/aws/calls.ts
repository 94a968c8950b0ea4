import type { Call } from "../engine/step.ts";

/** The calls to AWS that steps make, each told once: steps name them, pages and the IAM policy are made from them. */

export const readWitness: Call = { service: "dynamodb", operation: "GetItem", in: "witness", reads: true };
export const writeWitness: Call = { service: "dynamodb", operation: "PutItem", in: "witness", reads: false };

export const describeDatabase: Call = {
  service: "rds",
  operation: "DescribeGlobalClusters",
  in: "target",
  reads: true,
};
export const describeDatabaseFromOld: Call = { ...describeDatabase, in: "old" };
/** Asked of the region that holds the reader: it works when the writer's region is gone. */
export const failDatabaseOver: Call = {
  service: "rds",
  operation: "FailoverGlobalCluster",
  in: "target",
  reads: false,
};
/** Asked of the region that holds the writer, which has to be well. */
export const switchDatabase: Call = {
  service: "rds",
  operation: "SwitchoverGlobalCluster",
  in: "old",
  reads: false,
};

export const describeCache: Call = {
  service: "elasticache",
  operation: "DescribeGlobalReplicationGroups",
  in: "target",
  reads: true,
};
export const failCacheOver: Call = {
  service: "elasticache",
  operation: "FailoverGlobalReplicationGroup",
  in: "target",
  reads: false,
};

export const publishNotice: Call = { service: "sns", operation: "Publish", in: "target", reads: false };

export const describeEndpoint: Call = {
  service: "globalaccelerator",
  operation: "DescribeEndpointGroup",
  in: "accelerator",
  reads: true,
};
export const updateEndpoint: Call = {
  service: "globalaccelerator",
  operation: "UpdateEndpointGroup",
  in: "accelerator",
  reads: false,
};

/** Tells where the cluster's API is, and who vouches for it. */
export const describeCluster: Call = {
  service: "eks",
  operation: "DescribeCluster",
  in: "target",
  reads: true,
};
