import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdtemp, rm } from "node:fs/promises";
import type { ClientRequest } from "node:http";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeCertificateCommand, ListCertificatesCommand } from "@aws-sdk/client-acm";
import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import { DescribeImagesCommand, DescribeRepositoriesCommand } from "@aws-sdk/client-ecr";
import {
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  ListClustersCommand,
  ListNodegroupsCommand,
  UpdateNodegroupConfigCommand,
} from "@aws-sdk/client-eks";
import {
  DescribeGlobalReplicationGroupsCommand,
  FailoverGlobalReplicationGroupCommand,
} from "@aws-sdk/client-elasticache";
import {
  DescribeAcceleratorCommand,
  DescribeEndpointGroupCommand,
  UpdateEndpointGroupCommand,
} from "@aws-sdk/client-global-accelerator";
import {
  CopyDBClusterSnapshotCommand,
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  DeleteDBClusterCommand,
  DeleteDBClusterSnapshotCommand,
  DeleteDBInstanceCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeGlobalClustersCommand,
  FailoverGlobalClusterCommand,
  RestoreDBClusterFromSnapshotCommand,
  SwitchoverGlobalClusterCommand,
} from "@aws-sdk/client-rds";
import * as s3Sdk from "@aws-sdk/client-s3";
import { DescribeSecretCommand, ListSecretsCommand } from "@aws-sdk/client-secrets-manager";
import { GetServiceQuotaCommand, ListServiceQuotasCommand } from "@aws-sdk/client-service-quotas";
import { GetTopicAttributesCommand, ListTopicsCommand, PublishCommand } from "@aws-sdk/client-sns";
import { evidenceBuckets } from "@castle/lab/aws/s3/buckets.ts";
import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { ControlPlaneUnderTest, faultOf, identifiers } from "./control-plane-under-test.ts";
import { everyCall, restoredData } from "./every-call.ts";
import { heldClusters } from "./held-clusters.ts";
import { HeldThings } from "./held-things.ts";

/** Every variable by which the SDK could be led to another endpoint than the one its client was built with. */
const endpointVariables = [
  "AWS_ENDPOINT_URL",
  "AWS_ENDPOINT_URL_RDS",
  "AWS_ENDPOINT_URL_ELASTICACHE",
  "AWS_ENDPOINT_URL_GLOBAL_ACCELERATOR",
  "AWS_ENDPOINT_URL_EKS",
  "AWS_ENDPOINT_URL_ECR",
  "AWS_ENDPOINT_URL_SECRETS_MANAGER",
  "AWS_ENDPOINT_URL_SERVICE_QUOTAS",
  "AWS_ENDPOINT_URL_CLOUDWATCH",
  "AWS_ENDPOINT_URL_SNS",
  "AWS_ENDPOINT_URL_ACM",
  "AWS_ENDPOINT_URL_S3",
];

/**
 * A drill must not be able to touch a real account. Two things make it so: a client that is built with the lab's endpoint
 * sends to nothing else, whatever its environment says, and the control plane itself opens no connection.
 */
/** A cluster that is made of the snapshot, and deleted. */
function restoring(snapshot: string): unknown[] {
  const [cluster, instance, Engine] = ["restored", "restored-1", "aurora-postgresql"];
  const named = { DBInstanceIdentifier: instance };
  return [
    new RestoreDBClusterFromSnapshotCommand({
      ...{ DBClusterIdentifier: cluster, SnapshotIdentifier: snapshot, Engine },
    }),
    new CreateDBInstanceCommand({
      ...{ ...named, DBClusterIdentifier: cluster, DBInstanceClass: "db.r6g.large", Engine },
    }),
    new DescribeDBInstancesCommand(named),
    new DeleteDBInstanceCommand({ ...named, SkipFinalSnapshot: true }),
    new DeleteDBClusterCommand({ DBClusterIdentifier: cluster, SkipFinalSnapshot: true }),
  ];
}

describe("a client that is built with the lab's endpoint", () => {
  let aws: ControlPlaneUnderTest;
  let folder: string;
  let reached: string[];
  let sockets: number;
  let decoyed: number;
  let closeDecoy: () => Promise<void>;
  const before = new Map(endpointVariables.map((name) => [name, process.env[name]]));

  const noteRequest = (message: unknown) => {
    const { request } = message as { request: ClientRequest };
    reached.push(`${request.protocol}//${request.getHeader("host")}`);
  };
  const noteSocket = () => {
    sockets += 1;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "castle-one-endpoint-"));
    const buckets = evidenceBuckets(identifiers, { folder });
    aws = await new ControlPlaneUnderTest({
      ...{ holdings: new HeldThings(), buckets, clusters: heldClusters() },
      backUp: async () => undefined,
      restore: async () => restoredData,
    }).start();
    [reached, sockets, decoyed] = [[], 0, 0];
    const decoy = createServer((socket: Socket) => {
      decoyed += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => decoy.listen(0, "127.0.0.1", resolve));
    closeDecoy = () => new Promise((resolve) => decoy.close(() => resolve()));
    const address = decoy.address();
    const port = typeof address === "object" ? address?.port : undefined;
    for (const name of endpointVariables) process.env[name] = `http://127.0.0.1:${port}`;
    subscribe("http.client.request.created", noteRequest);
    subscribe("net.client.socket", noteSocket);
  });
  afterEach(async () => {
    unsubscribe("http.client.request.created", noteRequest);
    unsubscribe("net.client.socket", noteSocket);
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await aws.stop();
    await closeDecoy();
    await rm(folder, { recursive: true });
  });

  it("reaches nothing else with any operation, and the server behind it reaches nothing", async () => {
    const { globalClusterIdentifier, globalReplicationGroupId: GlobalReplicationGroupId } = identifiers;
    const home = identifiers.cell(homeRegion);
    const peer = identifiers.cell(peerRegion);
    const handover = {
      GlobalClusterIdentifier: globalClusterIdentifier,
      TargetDbClusterIdentifier: peer.clusterArn,
    };
    await aws.rds(peerRegion).send(new DescribeGlobalClustersCommand({}));
    await aws.rds(peerRegion).send(new DescribeDBClustersCommand({}));
    const [snapshot, copy] = ["before-the-release", "kept"];
    for (const command of [
      new CreateDBClusterSnapshotCommand({
        ...{ DBClusterIdentifier: peer.clusterArn, DBClusterSnapshotIdentifier: snapshot },
      }),
      new DescribeDBClusterSnapshotsCommand({}),
      new CopyDBClusterSnapshotCommand({
        ...{ SourceDBClusterSnapshotIdentifier: snapshot, TargetDBClusterSnapshotIdentifier: copy },
      }),
      ...restoring(copy),
      new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier: copy }),
    ])
      await aws.rds(peerRegion).send(command as DescribeDBClusterSnapshotsCommand);
    await aws.rds(homeRegion).send(new SwitchoverGlobalClusterCommand(handover));
    aws.cells.promotion.fail("enough for this test");
    await aws.rds(peerRegion).send(new FailoverGlobalClusterCommand({ ...handover, AllowDataLoss: true }));
    aws.cells.promotion.finish();
    await aws.elastiCache(homeRegion).send(new DescribeGlobalReplicationGroupsCommand({}));
    await aws.elastiCache(peerRegion).send(
      new FailoverGlobalReplicationGroupCommand({
        GlobalReplicationGroupId,
        PrimaryRegion: peerRegion,
        PrimaryReplicationGroupId: peer.replicationGroupId,
      }),
    );
    aws.cells.promotion.finish();
    const group = { EndpointGroupArn: home.endpointGroupArn };
    await aws.accelerator().send(new DescribeEndpointGroupCommand(group));
    await aws.accelerator().send(new UpdateEndpointGroupCommand({ ...group, TrafficDialPercentage: 0 }));
    const { acceleratorArn: AcceleratorArn } = identifiers;
    await aws.accelerator().send(new DescribeAcceleratorCommand({ AcceleratorArn }));
    const { clusterName, nodegroupName } = home;
    const nodes = { clusterName, nodegroupName };
    await aws.eks(homeRegion).send(new ListClustersCommand({}));
    await aws.eks(homeRegion).send(new DescribeClusterCommand({ name: clusterName }));
    await aws.eks(homeRegion).send(new ListNodegroupsCommand({ clusterName }));
    await aws.eks(homeRegion).send(new DescribeNodegroupCommand(nodes));
    await aws.eks(homeRegion).send(new UpdateNodegroupConfigCommand(nodes));
    await aws.ecr(homeRegion).send(new DescribeRepositoriesCommand({}));
    await aws.ecr(homeRegion).send(new DescribeImagesCommand({ repositoryName: "castle/engine" }));
    await aws.secrets(homeRegion).send(new ListSecretsCommand({}));
    await aws.secrets(homeRegion).send(new DescribeSecretCommand({ SecretId: "castle/seal-key" }));
    await aws.quotas(homeRegion).send(new ListServiceQuotasCommand({ ServiceCode: "rds" }));
    const clusters = { ServiceCode: "rds", QuotaCode: "L-952B80B8" };
    await aws.quotas(homeRegion).send(new GetServiceQuotaCommand(clusters));

    const metric = { Namespace: "AWS/RDS", MetricName: "DatabaseConnections" };
    const span = { StartTime: new Date(0), EndTime: new Date() };
    const alarm = {
      AlarmName: "many",
      ...metric,
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
    } as const;
    const metricStat = { Metric: metric, Period: 60, Stat: "Sum" };
    for (const command of [
      new ListMetricsCommand({}),
      new GetMetricStatisticsCommand({ ...metric, ...span, Period: 60, Statistics: ["Sum"] }),
      new PutMetricAlarmCommand({ ...alarm, Threshold: 9, ComparisonOperator: "GreaterThanThreshold" }),
      new DescribeAlarmsCommand({}),
      new DeleteAlarmsCommand({ AlarmNames: [alarm.AlarmName] }),
    ])
      await aws.cloudWatch(homeRegion).send(command as DescribeAlarmsCommand);
    await aws
      .cloudWatch(homeRegion)
      .send(new GetMetricDataCommand({ ...span, MetricDataQueries: [{ Id: "a", MetricStat: metricStat }] }));
    const TopicArn = identifiers.topicArn(homeRegion, "castle-handovers");
    await aws.sns(homeRegion).send(new ListTopicsCommand({}));
    await aws.sns(homeRegion).send(new GetTopicAttributesCommand({ TopicArn }));
    await aws.sns(homeRegion).send(new PublishCommand({ TopicArn, Message: "hello" }));
    const { CertificateSummaryList: [certificate] = [] } = await aws
      .acm(homeRegion)
      .send(new ListCertificatesCommand({}));
    const { CertificateArn } = certificate ?? {};
    await aws.acm(homeRegion).send(new DescribeCertificateCommand({ CertificateArn }));

    const commands = new Map<string, unknown>(Object.entries(s3Sdk));
    for (const { operation, input } of everyCall("").filter(({ service }) => service === "s3")) {
      const Command = commands.get(`${operation}Command`) as typeof s3Sdk.ListObjectsV2Command;
      await aws.s3(peerRegion).send(new Command(input as s3Sdk.ListObjectsV2CommandInput));
    }

    const called = aws.events.flatMap((event) => (event.kind === "call" ? event.operation : []));
    expect(new Set(called)).to.deep.equal(new Set(aws.operations));
    expect(reached).to.deep.equal(Array(called.length).fill(aws.url));
    expect(sockets, "one connection for each client").to.equal(called.length);
    expect(decoyed).to.equal(0);
  });

  it("tries nothing else when the endpoint fails it", async () => {
    aws.cells.lose(homeRegion);
    const persistent = aws.rds(homeRegion, { maxAttempts: 3 });
    await faultOf(persistent.send(new DescribeGlobalClustersCommand({})));
    expect(reached).to.deep.equal(Array(3).fill(aws.url));
    expect(decoyed).to.equal(0);
  });
});
