import { cellRegions, witnessRegion } from "@castle/regions/catalogue.ts";
import { EXECUTION_ITEM } from "@castle/regions/witness/claims.ts";
import { WITNESS_ITEM } from "@castle/regions/witness/item.ts";
import { APPROVALS } from "../approvals/in-bucket.ts";
import { stepsOf } from "../engine/runbook.ts";
import type { Call } from "../engine/step.ts";
import { evidenceActions } from "../evidence/bucket/actions.ts";
import { PREFIX } from "../evidence/bucket/place.ts";
import { readinessActions } from "../readiness/actions.ts";
import type { CatalogueEntry } from "../runbooks/catalogue.ts";
import { openingActions } from "../stack/actions.ts";

interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** What an action may be narrowed to, and has to name: all of these resources take part in it. */
type Grant = Omit<Statement, "Effect" | "Action">;

/** Stands for what differs from one Castle to the next. */
export const fill = (name: string): string => `\${${name}}`;

const globalCluster = `arn:aws:rds::${fill("Account")}:global-cluster:${fill("GlobalCluster")}`;
const clusters = cellRegions.map(
  (region) => `arn:aws:rds:${region}:${fill("Account")}:cluster:${fill("Cluster")}`,
);
const listener = `${fill("Account")}:accelerator/${fill("Accelerator")}/listener/${fill("Listener")}`;

const seeDatabase: Grant = { Sid: "SeeTheGlobalDatabase", Resource: [globalCluster] };
const moveDatabase: Grant = { Sid: "MoveTheGlobalDatabase", Resource: [globalCluster, ...clusters] };
const cache: Grant = {
  Sid: "MoveTheGlobalDatastore",
  Resource: [
    `arn:aws:elasticache::${fill("Account")}:globalreplicationgroup:${fill("GlobalReplicationGroup")}`,
  ],
};
const edge: Grant = {
  Sid: "WeighTheEndpoints",
  Resource: cellRegions.map(
    (region) => `arn:aws:globalaccelerator::${listener}/endpoint-group/${fill(`EndpointGroupIn-${region}`)}`,
  ),
};
const witness: Grant = {
  Sid: "AskTheWitness",
  Resource: [`arn:aws:dynamodb:${witnessRegion}:${fill("Account")}:table/${fill("WitnessTable")}`],
  Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [WITNESS_ITEM, EXECUTION_ITEM] } },
};

const members: Grant = { Sid: "SeeTheMembers", Resource: clusters };
const snapshots: Grant = {
  Sid: "SeeTheSnapshots",
  Resource: [
    ...clusters,
    ...cellRegions.map((region) => `arn:aws:rds:${region}:${fill("Account")}:cluster-snapshot:*`),
  ],
};
const images: Grant = {
  Sid: "SeeTheImages",
  Resource: cellRegions.map((region) => `arn:aws:ecr:${region}:${fill("Account")}:repository/castle/*`),
};
const secrets: Grant = {
  Sid: "SeeTheSecrets",
  Resource: cellRegions.map(
    (region) => `arn:aws:secretsmanager:${region}:${fill("Account")}:secret:castle/*`,
  ),
};
const topics = cellRegions.map(
  (region) => `arn:aws:sns:${region}:${fill("Account")}:${fill("HandoverTopic")}`,
);
const seeTopics: Grant = { Sid: "SeeTheTopics", Resource: topics };
const tellEveryone: Grant = { Sid: "TellEveryone", Resource: topics };
const logins: Grant = {
  Sid: "ReadTheOperatorsLogins",
  Resource: cellRegions.map(
    (region) => `arn:aws:secretsmanager:${region}:${fill("Account")}:secret:castle/operator/*`,
  ),
};
const eksOf = (region: string, resource: string): string =>
  `arn:aws:eks:${region}:${fill("Account")}:${resource}`;
const kubernetes: Grant = {
  Sid: "SeeTheKubernetesClusters",
  Resource: cellRegions.map((region) => eksOf(region, `cluster/${fill("KubernetesCluster")}`)),
};
const nodes: Grant = {
  Sid: "SeeTheNodeGroups",
  Resource: cellRegions.map((region) => eksOf(region, `nodegroup/${fill("KubernetesCluster")}/*`)),
};
/** IAM narrows this action to no resource, and lets everybody do it anyway. */
const caller: Grant = { Sid: "AskWhoActs", Resource: ["*"] };
const buckets = cellRegions.map((region) => `arn:aws:s3:::${fill(`EvidenceBucketIn-${region}`)}`);
const keepEvidence: Grant = {
  Sid: "KeepTheEvidence",
  Resource: buckets.flatMap((bucket) => [`${bucket}/${PREFIX}*`, `${bucket}/${APPROVALS}*`]),
};
const seeEvidence: Grant = { Sid: "SeeTheEvidence", Resource: buckets };
/** IAM narrows these actions to no resource. */
const quotas: Grant = { Sid: "SeeTheQuotas", Resource: ["*"] };
const metrics: Grant = { Sid: "SeeTheMetrics", Resource: ["*"] };
/** Narrowed to alarms by name it would tell of no composite one: CloudWatch API reference, DescribeAlarms. */
const alarms: Grant = { Sid: "SeeTheAlarms", Resource: ["*"] };
const certificates: Grant = { Sid: "SeeTheCertificates", Resource: ["*"] };

/**
 * Each action with the resources that AWS's service authorization reference requires for it:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/ (list_rds, list_elasticache,
 * list_globalaccelerator, list_dynamodb, list_ecr, list_secretsmanager, list_servicequotas,
 * list_cloudwatch, list_awscertificatemanager, list_sns, list_sts, list_eks). Look an action up there before it is added.
 */
const grants: Readonly<Record<string, Grant>> = {
  "rds:DescribeGlobalClusters": seeDatabase,
  "rds:FailoverGlobalCluster": moveDatabase,
  "rds:SwitchoverGlobalCluster": moveDatabase,
  "elasticache:DescribeGlobalReplicationGroups": cache,
  "elasticache:FailoverGlobalReplicationGroup": cache,
  "globalaccelerator:DescribeEndpointGroup": edge,
  "globalaccelerator:UpdateEndpointGroup": edge,
  "dynamodb:GetItem": witness,
  "dynamodb:PutItem": witness,
  "rds:DescribeDBClusters": members,
  "rds:DescribeDBClusterSnapshots": snapshots,
  "ecr:DescribeImages": images,
  "secretsmanager:DescribeSecret": secrets,
  "secretsmanager:GetSecretValue": logins,
  "sts:GetCallerIdentity": caller,
  "servicequotas:ListServiceQuotas": quotas,
  "cloudwatch:DescribeAlarms": alarms,
  "cloudwatch:GetMetricData": metrics,
  "cloudwatch:ListMetrics": metrics,
  "acm:ListCertificates": certificates,
  "s3:PutObject": keepEvidence,
  "s3:PutObjectRetention": keepEvidence,
  "s3:GetObjectVersion": keepEvidence,
  "s3:GetObjectRetention": keepEvidence,
  "s3:ListBucketVersions": seeEvidence,
  "s3:GetBucketObjectLockConfiguration": seeEvidence,
  "s3:GetBucketVersioning": seeEvidence,
  "eks:DescribeCluster": kubernetes,
  "eks:ListNodegroups": kubernetes,
  "eks:DescribeNodegroup": nodes,
  "sns:GetTopicAttributes": seeTopics,
  "sns:Publish": tellEveryone,
};

/**
 * What the runbooks and readiness need, and nothing more: an IAM policy whose placeholders (`${Account}` and names) are to be filled
 * in. @throws Error when a step makes a call whose resources are not known here.
 */
export function iamPolicy(
  catalogue: readonly Pick<CatalogueEntry, "runbook">[],
  alsoAsked: readonly string[] = [...readinessActions, ...openingActions, ...evidenceActions],
): Policy {
  const statements = new Map<string, { grant: Grant; actions: Set<string> }>();
  for (const action of new Set([...actionsOf(catalogue), ...alsoAsked])) {
    const grant = grants[action];
    if (!grant)
      throw new Error(
        `${action} is called by a runbook or by readiness, and dr-runbooks/pages/iam-policy.ts does not know its resources; look them up in AWS's service authorization reference`,
      );
    const statement = statements.get(grant.Sid) ?? { grant, actions: new Set() };
    statement.actions.add(action);
    statements.set(grant.Sid, statement);
  }
  const inOrder = [...statements.values()].sort((a, b) => a.grant.Sid.localeCompare(b.grant.Sid));
  return {
    Version: "2012-10-17",
    Statement: inOrder.map(({ grant: { Sid, ...rest }, actions }) => ({
      Sid,
      Effect: "Allow",
      Action: [...actions].sort(),
      ...rest,
    })),
  };
}

/**
 * What somebody needs who approves from a machine of their own, and nothing more: to read the records and what was put
 * beside them, to put an approval there, and to write no record.
 */
export function approversPolicy(): Policy {
  const inEach = (prefix: string): string[] => buckets.map((bucket) => `${bucket}/${prefix}*`);
  const statements: (Grant & Pick<Statement, "Action">)[] = [
    { Sid: "PutApprovals", Action: ["s3:PutObject", "s3:PutObjectRetention"], Resource: inEach(APPROVALS) },
    {
      Sid: "ReadTheRecords",
      Action: ["s3:GetObjectRetention", "s3:GetObjectVersion"],
      Resource: inEach(PREFIX),
    },
    { Sid: "SeeTheEvidence", Action: ["s3:ListBucketVersions"], Resource: buckets },
  ];
  return {
    Version: "2012-10-17",
    Statement: statements.map(({ Sid, ...rest }) => ({ Sid, Effect: "Allow", ...rest })),
  };
}

/** IAM names an action as the SDK names the operation, for every call there is here. */
export const actionOf = ({ service, operation }: Call): string => `${service}:${operation}`;

export const actionsOf = (catalogue: readonly Pick<CatalogueEntry, "runbook">[]): ReadonlySet<string> =>
  new Set(
    catalogue
      .flatMap(({ runbook }) => stepsOf(runbook))
      .flatMap(({ calls = [] }) => calls)
      // IAM has no say in a cluster: see rbac.ts.
      .filter(({ service }) => service !== "kubernetes")
      .map(actionOf),
  );
