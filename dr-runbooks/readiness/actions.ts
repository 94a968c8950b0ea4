/** What readiness asks of AWS, as IAM names it. All of it reads. */
export const readinessActions: readonly string[] = [
  "dynamodb:GetItem",
  "ecr:DescribeImages",
  "elasticache:DescribeGlobalReplicationGroups",
  "globalaccelerator:DescribeEndpointGroup",
  "rds:DescribeDBClusters",
  "rds:DescribeGlobalClusters",
  "secretsmanager:DescribeSecret",
  "servicequotas:ListServiceQuotas",
];
