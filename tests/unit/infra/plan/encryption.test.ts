import { encryptionFindings } from "@castle/infra/plan/checks/encryption.ts";
import { encryptionRules } from "@castle/infra/plan/checks/encryption-rules.ts";
import type { Properties, Value } from "@castle/infra/plan/graph/value.ts";
import { expect } from "chai";
import { TestStack } from "./graphs.ts";

const KEY: Value = { $unknown: true };
const disk = { deviceName: "/dev/xvda", ebs: { encrypted: "true" } };

/** By type: inputs that are encrypted, and by what a mistake takes away, inputs that are not. */
const cases: Readonly<Record<string, { good: Properties; bad: Readonly<Record<string, Properties>> }>> = {
  "aws:backup/vault:Vault": { good: { kmsKeyArn: KEY }, bad: { "no key": {} } },
  "aws:cloudtrail/trail:Trail": { good: { kmsKeyId: KEY }, bad: { "no key": {} } },
  "aws:cloudwatch/logGroup:LogGroup": { good: { kmsKeyId: KEY }, bad: { "no key": {} } },
  "aws:dynamodb/table:Table": {
    good: { serverSideEncryption: { enabled: true, kmsKeyArn: KEY } },
    bad: { nothing: {}, off: { serverSideEncryption: { enabled: false } } },
  },
  "aws:ebs/volume:Volume": { good: { encrypted: true }, bad: { nothing: {}, unknown: { encrypted: KEY } } },
  "aws:ec2/instance:Instance": {
    good: { rootBlockDevice: { encrypted: true } },
    bad: { "no disk told": {}, off: { rootBlockDevice: { encrypted: false } } },
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    good: { blockDeviceMappings: [disk] },
    bad: { "no disk told": {}, "one of two": { blockDeviceMappings: [disk, { ebs: { volumeSize: 20 } }] } },
  },
  "aws:ecr/repository:Repository": {
    good: { encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: KEY }] },
    bad: { nothing: {}, "AWS's own": { encryptionConfigurations: [{ encryptionType: "AES256" }] } },
  },
  "aws:efs/fileSystem:FileSystem": {
    good: { encrypted: true, kmsKeyId: KEY },
    bad: { off: { encrypted: false, kmsKeyId: KEY }, "no key": { encrypted: true } },
  },
  "aws:eks/cluster:Cluster": {
    good: { encryptionConfig: { provider: { keyArn: KEY }, resources: ["secrets"] } },
    bad: { nothing: {} },
  },
  "aws:eks/nodeGroup:NodeGroup": { good: { launchTemplate: { id: KEY } }, bad: { "AWS's own disks": {} } },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    good: { atRestEncryptionEnabled: true, transitEncryptionEnabled: true, kmsKeyId: KEY },
    bad: {
      "not at rest": { transitEncryptionEnabled: true, kmsKeyId: KEY },
      "not in transit": { atRestEncryptionEnabled: true, kmsKeyId: KEY },
      "no key": { atRestEncryptionEnabled: true, transitEncryptionEnabled: true },
      "a member that says no": { globalReplicationGroupId: KEY, transitEncryptionEnabled: false },
    },
  },
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": {
    good: { serverSideEncryption: { enabled: true } },
    bad: { nothing: {} },
  },
  "aws:kinesis/stream:Stream": { good: { kmsKeyId: KEY }, bad: { "no key": {} } },
  "aws:opensearch/domain:Domain": {
    good: { encryptAtRest: { enabled: true }, nodeToNodeEncryption: { enabled: true } },
    bad: {
      "not at rest": { nodeToNodeEncryption: { enabled: true } },
      "not in transit": { encryptAtRest: { enabled: true } },
    },
  },
  "aws:rds/cluster:Cluster": {
    good: { storageEncrypted: true, kmsKeyId: KEY },
    bad: { off: { kmsKeyId: KEY }, "no key": { storageEncrypted: true } },
  },
  "aws:rds/globalCluster:GlobalCluster": { good: { storageEncrypted: true }, bad: { nothing: {} } },
  "aws:rds/instance:Instance": {
    good: { storageEncrypted: true, kmsKeyId: KEY },
    bad: { off: { kmsKeyId: KEY }, unknown: { storageEncrypted: KEY, kmsKeyId: KEY } },
  },
  "aws:secretsmanager/secret:Secret": {
    good: { kmsKeyId: KEY, replicas: [{ region: "eu-central-1", kmsKeyId: KEY }] },
    bad: { "no key": {}, "a replica without": { kmsKeyId: KEY, replicas: [{ region: "eu-central-1" }] } },
  },
  "aws:sns/topic:Topic": { good: { kmsMasterKeyId: KEY }, bad: { "no key": {} } },
  "aws:sqs/queue:Queue": { good: { kmsMasterKeyId: KEY }, bad: { "no key": {} } },
  "eks:index:Cluster": {
    good: { encryptionConfigKeyArn: KEY, skipDefaultNodeGroup: true },
    bad: {
      "secrets in plain": { skipDefaultNodeGroup: true },
      "default nodes": { encryptionConfigKeyArn: KEY },
    },
  },
  "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass": {
    good: { spec: { blockDeviceMappings: [{ ebs: { encrypted: true } }] } },
    bad: {
      "no disk told": { spec: {} },
      off: { spec: { blockDeviceMappings: [{ ebs: { encrypted: false } }] } },
    },
  },
  "kubernetes:storage.k8s.io/v1:StorageClass": {
    good: { provisioner: "ebs.csi.aws.com", parameters: { encrypted: "true" } },
    bad: { nothing: { provisioner: "ebs.csi.aws.com", parameters: {} } },
  },
};

const found = (type: string, inputs: Properties): readonly string[] => {
  const stack = new TestStack();
  stack.add({ type, name: "store", inputs });
  return encryptionFindings(stack.graph()).map(({ message }) => message);
};

describe("a plan's check of encryption", () => {
  for (const [type, { good, bad }] of Object.entries(cases)) {
    it(`takes an encrypted ${type}`, () => {
      expect(found(type, good)).to.deep.equal([]);
    });
    for (const [what, inputs] of Object.entries(bad))
      it(`finds ${type}: ${what}`, () => {
        expect(found(type, inputs)).to.have.length.above(0);
      });
  }

  it("has a case here for every rule but the buckets', which follow", () => {
    expect(Object.keys(encryptionRules).filter((type) => !cases[type])).to.deep.equal([
      "aws:s3/bucket:Bucket",
      "aws:s3/bucketV2:BucketV2",
    ]);
  });

  it("takes a member of a global datastore, to which AWS gives the primary's encryption", () => {
    expect(
      found("aws:elasticache/replicationGroup:ReplicationGroup", {
        globalReplicationGroupId: "dtzvr-castle",
      }),
    ).to.deep.equal([]);
  });

  describe("of a bucket", () => {
    const bucket = (sseAlgorithm: string | null, linked = true): readonly string[] => {
      const stack = new TestStack();
      const { urn } = stack.add({ type: "aws:s3/bucket:Bucket", name: "evidence" });
      if (sseAlgorithm !== null)
        stack.add({
          type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
          name: "evidence-encryption",
          inputs: { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm } }] },
          options: { propertyDependencies: linked ? { bucket: [urn] } : {} },
        });
      return encryptionFindings(stack.graph()).map(({ message }) => message);
    };

    it("takes one with a configuration of its own", () => {
      expect(bucket("aws:kms")).to.deep.equal([]);
      expect(bucket("AES256")).to.deep.equal([]);
    });

    it("finds one without, one whose configuration is another bucket's, and one with an algorithm that is none", () => {
      expect(bucket(null)).to.have.length(1);
      expect(bucket("aws:kms", false)).to.have.length(1);
      expect(bucket("none")).to.have.length(1);
    });
  });
});
