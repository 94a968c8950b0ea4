import { handoverTopic } from "@castle/lab/aws/lab-account.ts";
import type { RestoredData } from "@castle/lab/aws/rds/restores.ts";
import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { identifiers } from "./control-plane-under-test.ts";

/** A call that the lab answers well, as plain data: clients of every make take it. */
export interface AnsweredCall {
  /** As a signature names it. */
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly input: object;
}

/** A server that answers at once, and is gone at once. */
export const restoredData: RestoredData = {
  start: async () => ({ host: "127.0.0.1", port: 1 }),
  remove: async () => undefined,
};

const home = identifiers.cell(homeRegion);
const peer = identifiers.cell(peerRegion);
const handover = {
  GlobalClusterIdentifier: identifiers.globalClusterIdentifier,
  TargetDbClusterIdentifier: peer.clusterArn,
};
const metric = {
  Namespace: "AWS/RDS",
  MetricName: "DatabaseConnections",
  Dimensions: [{ Name: "DBClusterIdentifier", Value: peer.clusterIdentifier }],
};
const span = () => ({ StartTime: new Date(Date.now() - 60_000), EndTime: new Date(Date.now() + 60_000) });
const topic = { TopicArn: identifiers.topicArn(peerRegion, handoverTopic) };
const bucket = { Bucket: peer.evidenceBucket };
const nodes = { clusterName: peer.clusterName, nodegroupName: peer.nodegroupName };
const object = { ...bucket, Key: "runs/failover-2.jsonl" };

const on = (service: string, region: string, inputs: Readonly<Record<string, object>>): AnsweredCall[] =>
  Object.entries(inputs).map(([operation, input]) => ({ service, operation, region, input }));

/**
 * One for every operation that the lab has, in an order in which each is answered well; of a promotion, that it has begun.
 * @param certificateArn of a certificate in the peer's region.
 */
export const everyCall = (certificateArn: string): readonly AnsweredCall[] => [
  ...on("rds", peerRegion, {
    DescribeGlobalClusters: {},
    DescribeDBClusters: {},
    CreateDBClusterSnapshot: {
      DBClusterIdentifier: peer.clusterIdentifier,
      DBClusterSnapshotIdentifier: "before-the-release",
    },
    DescribeDBClusterSnapshots: {},
    CopyDBClusterSnapshot: {
      SourceDBClusterSnapshotIdentifier: "before-the-release",
      TargetDBClusterSnapshotIdentifier: "kept",
    },
    RestoreDBClusterFromSnapshot: {
      ...{ DBClusterIdentifier: "restored", SnapshotIdentifier: "kept", Engine: "aurora-postgresql" },
    },
    CreateDBInstance: {
      ...{ DBInstanceIdentifier: "restored-1", DBClusterIdentifier: "restored" },
      ...{ DBInstanceClass: "db.r6g.large", Engine: "aurora-postgresql" },
    },
    DescribeDBInstances: {},
    DeleteDBInstance: { DBInstanceIdentifier: "restored-1", SkipFinalSnapshot: true },
    DeleteDBCluster: { DBClusterIdentifier: "restored", SkipFinalSnapshot: true },
    DeleteDBClusterSnapshot: { DBClusterSnapshotIdentifier: "kept" },
    FailoverGlobalCluster: { ...handover, AllowDataLoss: true },
  }),
  ...on("rds", homeRegion, { SwitchoverGlobalCluster: handover }),
  ...on("elasticache", peerRegion, {
    DescribeGlobalReplicationGroups: { ShowMemberInfo: true },
    FailoverGlobalReplicationGroup: {
      GlobalReplicationGroupId: identifiers.globalReplicationGroupId,
      PrimaryRegion: peerRegion,
      PrimaryReplicationGroupId: peer.replicationGroupId,
    },
  }),
  ...on("globalaccelerator", "us-west-2", {
    DescribeAccelerator: { AcceleratorArn: identifiers.acceleratorArn },
    DescribeEndpointGroup: { EndpointGroupArn: home.endpointGroupArn },
    UpdateEndpointGroup: { EndpointGroupArn: home.endpointGroupArn, TrafficDialPercentage: 50 },
  }),
  ...on("eks", peerRegion, {
    ListClusters: {},
    DescribeCluster: { name: peer.clusterName },
    ListNodegroups: { clusterName: peer.clusterName },
    DescribeNodegroup: nodes,
    UpdateNodegroupConfig: { ...nodes, scalingConfig: { desiredSize: 4 }, clientRequestToken: "four-nodes" },
  }),
  ...on("ecr", peerRegion, {
    DescribeRepositories: {},
    DescribeImages: { repositoryName: "castle/engine" },
  }),
  ...on("secretsmanager", homeRegion, { ListSecrets: {}, DescribeSecret: { SecretId: "castle/seal-key" } }),
  ...on("servicequotas", peerRegion, {
    ListServiceQuotas: { ServiceCode: "rds" },
    GetServiceQuota: { ServiceCode: "rds", QuotaCode: "L-952B80B8" },
  }),
  ...on("monitoring", peerRegion, {
    ListMetrics: {},
    GetMetricData: {
      MetricDataQueries: [{ Id: "a", MetricStat: { Metric: metric, Period: 60, Stat: "Average" } }],
      ...span(),
    },
    GetMetricStatistics: { ...metric, ...span(), Period: 60, Statistics: ["Average", "Maximum"] },
    PutMetricAlarm: {
      AlarmName: "castle-many",
      ...metric,
      ...{ Statistic: "Sum", Period: 60, EvaluationPeriods: 1, Threshold: 1 },
      ComparisonOperator: "GreaterThanThreshold",
    },
    DescribeAlarms: {},
    DeleteAlarms: { AlarmNames: ["castle-many"] },
  }),
  ...on("sns", peerRegion, {
    ListTopics: {},
    GetTopicAttributes: topic,
    Publish: {
      ...topic,
      Message: "hello",
      MessageAttributes: { epoch: { DataType: "String", StringValue: "7" } },
    },
  }),
  ...on("acm", peerRegion, {
    ListCertificates: {},
    DescribeCertificate: { CertificateArn: certificateArn },
  }),
  ...on("s3", peerRegion, {
    PutObject: {
      ...object,
      Body: "a line\n",
      ObjectLockMode: "GOVERNANCE",
      ObjectLockRetainUntilDate: new Date(Date.now() + 86_400_000),
      ContentMD5: "vdapLNEK5FTWLtIDq+P+kg==",
    },
    HeadObject: object,
    GetObject: object,
    GetObjectRetention: object,
    ListObjectsV2: bucket,
    DeleteObject: object,
    ListObjectVersions: bucket,
    GetBucketVersioning: bucket,
    GetObjectLockConfiguration: bucket,
  }),
];
