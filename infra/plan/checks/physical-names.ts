import type { Resource } from "../graph/graph.ts";
import { isRecord, type Value } from "../graph/value.ts";

/** By type: the properties that together are the physical name, which nothing else of the type may have. */
const named: Readonly<Record<string, readonly string[]>> = {
  "aws:autoscaling/group:Group": ["name"],
  "aws:budgets/budget:Budget": ["name"],
  "aws:cloudfront/function:Function": ["name"],
  "aws:cloudfront/originAccessControl:OriginAccessControl": ["name"],
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": ["name"],
  "aws:cloudtrail/trail:Trail": ["name"],
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": ["alarmName"],
  "aws:cloudwatch/dashboard:Dashboard": ["dashboardName"],
  "aws:cloudwatch/eventRule:EventRule": ["name"],
  "aws:cloudwatch/logGroup:LogGroup": ["name"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["name"],
  "aws:cognito/userPoolDomain:UserPoolDomain": ["domain"],
  "aws:dynamodb/table:Table": ["name"],
  "aws:ec2/launchTemplate:LaunchTemplate": ["name"],
  "aws:ec2/securityGroup:SecurityGroup": ["name", "vpcId"],
  "aws:ecr/repository:Repository": ["name"],
  "aws:eks/cluster:Cluster": ["name"],
  "aws:elasticache/parameterGroup:ParameterGroup": ["name"],
  "aws:elasticache/replicationGroup:ReplicationGroup": ["replicationGroupId"],
  "aws:elasticache/subnetGroup:SubnetGroup": ["name"],
  "aws:elasticache/user:User": ["userId"],
  "aws:globalaccelerator/accelerator:Accelerator": ["name"],
  "aws:iam/instanceProfile:InstanceProfile": ["name"],
  "aws:iam/policy:Policy": ["name"],
  "aws:iam/role:Role": ["name"],
  "aws:kms/alias:Alias": ["name"],
  "aws:lambda/function:Function": ["name"],
  "aws:lb/loadBalancer:LoadBalancer": ["name"],
  "aws:lb/targetGroup:TargetGroup": ["name"],
  "aws:rds/cluster:Cluster": ["clusterIdentifier"],
  "aws:rds/clusterInstance:ClusterInstance": ["identifier"],
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": ["name"],
  "aws:rds/globalCluster:GlobalCluster": ["globalClusterIdentifier"],
  "aws:rds/instance:Instance": ["identifier"],
  "aws:rds/parameterGroup:ParameterGroup": ["name"],
  "aws:rds/subnetGroup:SubnetGroup": ["name"],
  "aws:route53/record:Record": ["name", "type", "setIdentifier", "zoneId"],
  "aws:s3/bucket:Bucket": ["bucket"],
  "aws:secretsmanager/secret:Secret": ["name"],
  "aws:sns/topic:Topic": ["name"],
  "aws:sqs/queue:Queue": ["name"],
  "aws:ssm/parameter:Parameter": ["name"],
  "aws:wafv2/webAcl:WebAcl": ["name", "scope"],
  "eks:index:Cluster": ["name"],
  "kubernetes:helm.sh/v3:Release": ["name", "namespace"],
};

/** Services that know no regions: a name is taken for the whole account, or for the world. */
const GLOBAL = /^aws:(iam|s3\/bucket:|route53|cloudfront|budgets|globalaccelerator|rds\/globalCluster:)/;

export const isGlobal = (type: string): boolean => GLOBAL.test(type);

/** Null where the program leaves the name to Pulumi, which never gives one twice. */
export function physicalName(resource: Resource): string | null {
  if (resource.kind !== "custom" && resource.kind !== "remote") return null;
  const properties = named[resource.type];
  if (properties) {
    const [main, ...rest] = properties;
    if (main === undefined || typeof resource.inputs[main] !== "string") return null;
    return [main, ...rest]
      .map((property) => told(resource, property))
      .join(" ")
      .trim();
  }
  const metadata = resource.type.startsWith("kubernetes:") ? resource.inputs.metadata : undefined;
  if (!isRecord(metadata) || typeof metadata.name !== "string") return null;
  return `${text(metadata.namespace)}/${metadata.name}`;
}

/** What is unknown is told apart by what it is made of. */
function told({ inputs, options }: Resource, property: string): string {
  const value = inputs[property];
  return typeof value === "string"
    ? value
    : `${text(value)}${options.propertyDependencies[property]?.join() ?? ""}`;
}

const text = (value: Value | undefined): string =>
  value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
