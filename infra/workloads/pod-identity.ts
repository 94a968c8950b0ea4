/**
 * Lets EKS's Pod Identity give a role to pods of one cluster: the agent's session carries the cluster as a tag, and a
 * service that acts for every customer must act for this one alone. Pure.
 * Source: Amazon EKS User Guide, "EKS Pod Identity roles".
 */
export const podIdentityTrust = (account: string, region: string, cluster: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "PodsOfTheCellsCluster",
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
          StringEquals: { "aws:SourceAccount": account },
          ArnEquals: { "aws:SourceArn": `arn:aws:eks:${region}:${account}:cluster/${cluster}` },
        },
      },
    ],
  });
