export interface Quota {
  readonly code: string;
  readonly name: string;
  /** What an account has that never asked for more. */
  readonly value: number;
  readonly adjustable: boolean;
}

export interface QuotaService {
  readonly name: string;
  readonly quotas: readonly Quota[];
}

const quota = (code: string, name: string, value: number): Quota => ({ code, name, value, adjustable: true });

/**
 * The quotas that Castle's cells count against, with AWS's own codes and the values that it gives to a new account. A
 * lab's account never asked for more.
 */
export const quotaServices: Readonly<Record<string, QuotaService>> = {
  // https://docs.aws.amazon.com/general/latest/gr/rds-service.html
  rds: {
    name: "Amazon Relational Database Service (Amazon RDS)",
    quotas: [
      quota("L-952B80B8", "DB clusters", 40),
      quota("L-7B6409FD", "DB instances", 40),
      quota("L-9B510759", "Manual DB cluster snapshots", 100),
      quota("L-7ADDB58A", "Total storage for all DB instances", 100_000),
    ],
  },
  // https://docs.aws.amazon.com/general/latest/gr/elasticache-service.html
  elasticache: {
    name: "Amazon ElastiCache",
    quotas: [
      quota("L-DFE45DF3", "Nodes per Region", 300),
      quota("L-3E7F7726", "Subnet groups per Region", 300),
      quota("L-3F15A733", "Parameter groups per Region", 300),
    ],
  },
  // https://docs.aws.amazon.com/general/latest/gr/eks.html
  eks: {
    name: "Amazon Elastic Kubernetes Service (Amazon EKS)",
    quotas: [
      quota("L-1194D53C", "Clusters", 100),
      quota("L-6D54EA21", "Managed node groups per cluster", 30),
      quota("L-BD136A63", "Nodes per managed node group", 450),
      quota("L-33415657", "Fargate profiles per cluster", 10),
    ],
  },
  // https://docs.aws.amazon.com/general/latest/gr/ec2-service.html. In vCPUs, and low: AWS raises them by use.
  ec2: {
    name: "Amazon Elastic Compute Cloud (Amazon EC2)",
    quotas: [
      quota("L-1216C47A", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 5),
      quota("L-34B43A08", "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", 5),
      quota("L-0263D0A3", "EC2-VPC Elastic IPs", 5),
    ],
  },
};
