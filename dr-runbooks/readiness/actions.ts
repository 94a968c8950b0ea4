/** What readiness asks of AWS, as IAM names it. All of it reads. */
export const readinessActions: readonly string[] = [
  "acm:ListCertificates",
  "cloudwatch:DescribeAlarms",
  "cloudwatch:GetMetricData",
  "cloudwatch:ListMetrics",
  "dynamodb:GetItem",
  "ecr:DescribeImages",
  "elasticache:DescribeGlobalReplicationGroups",
  "globalaccelerator:DescribeEndpointGroup",
  "rds:DescribeDBClusterSnapshots",
  "rds:DescribeDBClusters",
  "rds:DescribeGlobalClusters",
  "secretsmanager:DescribeSecret",
  "servicequotas:ListServiceQuotas",
  "sns:GetTopicAttributes",
];
