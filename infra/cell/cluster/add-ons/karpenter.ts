import type { Statement } from "../../../policy-document.ts";

export interface KarpenterFacts {
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
  readonly nodeRoleName: string;
}

/**
 * What Karpenter may do: make and end machines, of its own cluster alone, as it marks them with its tags.
 * Source: karpenter.sh, "CloudFormation" reference of the controller's policy, by its parts.
 */
export function karpenterStatements({
  account,
  region,
  cluster,
  nodeRoleName,
}: KarpenterFacts): readonly Statement[] {
  const ec2 = (kind: string): string => `arn:aws:ec2:${region}:${account}:${kind}/*`;
  const owned = `kubernetes.io/cluster/${cluster}`;
  // Machines with encrypted disks are started with the rights of whoever asks, and end at once without these. The key's
  // id is not known before it exists: any key of the account, for EC2's disks alone.
  const anyKey = `arn:aws:kms:${region}:${account}:key/*`;
  const made = [
    "fleet",
    "instance",
    "launch-template",
    "network-interface",
    "spot-instances-request",
    "volume",
  ].map(ec2);
  return [
    {
      Sid: "StartFromWhatIsThere",
      Effect: "Allow",
      Action: ["ec2:CreateFleet", "ec2:RunInstances"],
      Resource: [
        `arn:aws:ec2:${region}::image/*`,
        ...["security-group", "subnet", "launch-template"].map(ec2),
      ],
    },
    {
      Sid: "MakeWithItsTags",
      Effect: "Allow",
      Action: ["ec2:CreateFleet", "ec2:CreateLaunchTemplate", "ec2:RunInstances"],
      Resource: made,
      Condition: { StringEquals: { [`aws:RequestTag/${owned}`]: "owned" } },
    },
    {
      Sid: "TagWhatItMakes",
      Effect: "Allow",
      Action: ["ec2:CreateTags"],
      Resource: made,
      Condition: {
        StringEquals: {
          [`aws:RequestTag/${owned}`]: "owned",
          "ec2:CreateAction": ["CreateFleet", "CreateLaunchTemplate", "RunInstances"],
        },
      },
    },
    {
      Sid: "EndItsOwn",
      Effect: "Allow",
      Action: ["ec2:DeleteLaunchTemplate", "ec2:TerminateInstances"],
      Resource: ["instance", "launch-template"].map(ec2),
      Condition: { StringEquals: { [`aws:ResourceTag/${owned}`]: "owned" } },
    },
    {
      Sid: "See",
      Effect: "Allow",
      Action: [
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypeOfferings",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeInstances",
        "ec2:DescribeLaunchTemplates",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSpotPriceHistory",
        "ec2:DescribeSubnets",
        "pricing:GetProducts",
      ],
      // EC2 and pricing offer nothing narrower for what only looks.
      Resource: ["*"],
    },
    {
      Sid: "FindImages",
      Effect: "Allow",
      Action: ["ssm:GetParameter"],
      Resource: [`arn:aws:ssm:${region}::parameter/aws/service/*`],
    },
    {
      Sid: "GiveNodesTheirRole",
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: [`arn:aws:iam::${account}:role/${nodeRoleName}`],
      Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
    },
    {
      Sid: "EncryptDisks",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"],
      Resource: [anyKey],
      Condition: { StringEquals: { "kms:ViaService": `ec2.${region}.amazonaws.com` } },
    },
    {
      Sid: "LetDisksBeUsed",
      Effect: "Allow",
      Action: ["kms:CreateGrant"],
      Resource: [anyKey],
      Condition: {
        StringEquals: { "kms:ViaService": `ec2.${region}.amazonaws.com` },
        Bool: { "kms:GrantIsForAWSResource": "true" },
      },
    },
    {
      Sid: "LookAtTheNodesProfile",
      Effect: "Allow",
      Action: ["iam:GetInstanceProfile"],
      Resource: [`arn:aws:iam::${account}:instance-profile/${nodeRoleName}`],
    },
    {
      Sid: "FindTheCluster",
      Effect: "Allow",
      Action: ["eks:DescribeCluster"],
      Resource: [`arn:aws:eks:${region}:${account}:cluster/${cluster}`],
    },
  ];
}

/** What kind of nodes Karpenter brings: like those that are always there, encrypted and asked for their metadata by token. */
export const nodeClassOf = ({
  cluster,
  nodeRoleName,
  keyArn,
}: {
  cluster: string;
  nodeRoleName: string;
  keyArn: unknown;
}) => ({
  apiVersion: "karpenter.k8s.aws/v1",
  kind: "EC2NodeClass",
  metadata: { name: "default" },
  spec: {
    // Made beside the role, under its name: Karpenter makes none, and so needs no right to.
    instanceProfile: nodeRoleName,
    amiSelectorTerms: [{ alias: "al2023@latest" }],
    subnetSelectorTerms: [{ tags: { "karpenter.sh/discovery": cluster } }],
    // EKS marks its own group with it, and nobody else may.
    securityGroupSelectorTerms: [{ tags: { "aws:eks:cluster-name": cluster } }],
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [
      {
        deviceName: "/dev/xvda",
        ebs: { volumeType: "gp3", volumeSize: "40Gi", encrypted: true, kmsKeyID: keyArn },
      },
    ],
  },
});

/** @param vcpus what all of them together may have at most */
export const nodePoolOf = (vcpus: number) => ({
  apiVersion: "karpenter.sh/v1",
  kind: "NodePool",
  metadata: { name: "default" },
  spec: {
    limits: { cpu: String(vcpus) },
    disruption: { consolidationPolicy: "WhenEmpty", consolidateAfter: "5m" },
    template: {
      spec: {
        nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" },
        // Trading waits for no spot machine that is taken away.
        requirements: [
          { key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] },
          { key: "kubernetes.io/arch", operator: "In", values: ["arm64"] },
          { key: "karpenter.k8s.aws/instance-category", operator: "In", values: ["m", "c", "r"] },
        ],
      },
    },
  },
});
