import type { Resource, StackGraph } from "../graph/graph.ts";
import { isList, isRecord, type Properties, type Value } from "../graph/value.ts";

/** @returns what is not encrypted about it, a line each */
type Rule = (resource: Resource, graph: StackGraph) => readonly string[];

/** The value at a path such as `ebs.encrypted`. */
function at(properties: Value | undefined, path: string): Value | undefined {
  let value = properties;
  for (const key of path.split(".")) value = isRecord(value) ? value[key] : undefined;
  return value;
}

const isOn = (value: Value | undefined): boolean => value === true || value === "true";

/** Must be on, and known to be before anything is made. */
const on =
  (path: string): Rule =>
  ({ inputs }) =>
    isOn(at(inputs, path)) ? [] : [`set ${path} to true`];

/** A key must be given; which, AWS may be the first to know. */
const given =
  (path: string): Rule =>
  ({ inputs }) =>
    at(inputs, path) == null ? [`set ${path} to the cell's key`] : [];

/** All of these. */
const both =
  (...rules: readonly Rule[]): Rule =>
  (resource, graph) =>
    rules.flatMap((rule) => rule(resource, graph));

const unless =
  (property: string, rule: Rule): Rule =>
  (resource, graph) =>
    resource.inputs[property] == null ? rule(resource, graph) : [];

const listAt = (inputs: Properties, path: string): readonly Value[] => {
  const value = at(inputs, path);
  return isList(value) ? value : [];
};

/** Each of the list's disks, of which there must be one: what is left out, the image decides. */
const disks =
  (list: string, flag: string): Rule =>
  ({ inputs }) => {
    const all = listAt(inputs, list);
    if (all.length === 0) return [`give ${list}, each with ${flag} true: without, the image decides`];
    return all.flatMap((disk, i) => (isOn(at(disk, flag)) ? [] : [`set ${list}[${i}].${flag} to true`]));
  };

const BUCKET_ENCRYPTION = new Set([
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
]);

/** A bucket's encryption is a resource of its own. */
const bucket: Rule = ({ urn, inputs }, { resources }) => {
  const config = resources.find(
    (other) =>
      BUCKET_ENCRYPTION.has(other.type) &&
      (other.options.propertyDependencies.bucket?.includes(urn) ||
        (typeof inputs.bucket === "string" && other.inputs.bucket === inputs.bucket)),
  );
  if (!config) return ["give the bucket a BucketServerSideEncryptionConfiguration"];
  const algorithms = listAt(config.inputs, "rules").map((rule) =>
    at(rule, "applyServerSideEncryptionByDefault.sseAlgorithm"),
  );
  return algorithms.length > 0 && algorithms.every((algorithm) => BUCKET_ALGORITHMS.has(algorithm))
    ? []
    : [
        `its encryption ${config.name} names no algorithm: aws:kms, or AES256 where a service writes with nothing else`,
      ];
};

const BUCKET_ALGORITHMS = new Set<Value | undefined>(["aws:kms", "aws:kms:dsse", "AES256"]);

const repository: Rule = ({ inputs }) =>
  listAt(inputs, "encryptionConfigurations").some((one) => at(one, "encryptionType") === "KMS")
    ? []
    : ["set encryptionConfigurations to type KMS with the cell's key"];

const queue: Rule = ({ inputs }) =>
  inputs.kmsMasterKeyId != null || isOn(inputs.sqsManagedSseEnabled)
    ? []
    : ["set kmsMasterKeyId to the cell's key"];

const secret: Rule = (resource, graph) => [
  ...given("kmsKeyId")(resource, graph),
  ...listAt(resource.inputs, "replicas").flatMap((replica, i) =>
    at(replica, "kmsKeyId") == null ? [`set replicas[${i}].kmsKeyId to that region's key`] : [],
  ),
];

const storageClass: Rule = ({ inputs }) =>
  inputs.provisioner !== "ebs.csi.aws.com" || isOn(at(inputs, "parameters.encrypted"))
    ? []
    : ['set parameters.encrypted to "true"'];

const cluster: Rule = ({ inputs }) => [
  ...(inputs.encryptionConfigKeyArn == null
    ? ["set encryptionConfigKeyArn to the cell's key: without, secrets are not encrypted with it"]
    : []),
  ...(isOn(inputs.skipDefaultNodeGroup) || isOn(inputs.nodeRootVolumeEncrypted)
    ? []
    : ["set skipDefaultNodeGroup, or nodeRootVolumeEncrypted: the default nodes' disks are not encrypted"]),
];

/** A member of a global datastore takes its primary's encryption: it need not say so, and must not say no. */
const cache: Rule = (resource, graph) => {
  const flags = ["atRestEncryptionEnabled", "transitEncryptionEnabled"];
  if (resource.inputs.globalReplicationGroupId != null)
    return flags.flatMap((flag) => (resource.inputs[flag] === false ? [`set ${flag} to true`] : []));
  return both(...flags.map(on), given("kmsKeyId"))(resource, graph);
};

/**
 * By type. What a service always encrypts with a key of its own is asked for the cell's key: that is what an auditor
 * asks for, and what a replica in another region must be told.
 */
export const encryptionRules: Readonly<Record<string, Rule>> = {
  "aws:backup/vault:Vault": given("kmsKeyArn"),
  "aws:cloudtrail/trail:Trail": given("kmsKeyId"),
  "aws:cloudwatch/logGroup:LogGroup": given("kmsKeyId"),
  "aws:dynamodb/table:Table": on("serverSideEncryption.enabled"),
  "aws:ebs/volume:Volume": on("encrypted"),
  "aws:ec2/instance:Instance": on("rootBlockDevice.encrypted"),
  "aws:ec2/launchTemplate:LaunchTemplate": disks("blockDeviceMappings", "ebs.encrypted"),
  "aws:ecr/repository:Repository": repository,
  "aws:efs/fileSystem:FileSystem": both(on("encrypted"), given("kmsKeyId")),
  "aws:eks/cluster:Cluster": given("encryptionConfig.provider.keyArn"),
  "aws:eks/nodeGroup:NodeGroup": ({ inputs }) =>
    inputs.launchTemplate == null ? ["give launchTemplate: without, the nodes' disks are not encrypted"] : [],
  "aws:elasticache/replicationGroup:ReplicationGroup": cache,
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": on("serverSideEncryption.enabled"),
  "aws:kinesis/stream:Stream": given("kmsKeyId"),
  "aws:opensearch/domain:Domain": both(on("encryptAtRest.enabled"), on("nodeToNodeEncryption.enabled")),
  "aws:rds/cluster:Cluster": both(on("storageEncrypted"), given("kmsKeyId")),
  "aws:rds/globalCluster:GlobalCluster": unless("sourceDbClusterIdentifier", on("storageEncrypted")),
  "aws:rds/instance:Instance": both(on("storageEncrypted"), given("kmsKeyId")),
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketV2:BucketV2": bucket,
  "aws:secretsmanager/secret:Secret": secret,
  "aws:sns/topic:Topic": given("kmsMasterKeyId"),
  "aws:sqs/queue:Queue": queue,
  "eks:index:Cluster": cluster,
  "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass": disks("spec.blockDeviceMappings", "ebs.encrypted"),
  "kubernetes:storage.k8s.io/v1:StorageClass": storageClass,
};
