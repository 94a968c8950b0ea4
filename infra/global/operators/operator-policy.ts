import { type CellRegion, cellRegions } from "@castle/regions/catalogue.ts";
import * as aws from "@pulumi/aws";
import { all, ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import type { CellContext } from "../../cell/context.ts";
import { noticesTopicName } from "../../cell/observability/notices-topic.ts";
import { policyDocument, type Statement } from "../../policy-document.ts";
import { filled, LARGEST, packed, placeholdersIn, runbooksStatements } from "./runbooks-policy.ts";

export interface OperatorPolicyArgs {
  readonly context: CellContext;
  /** Of the home cell's Aurora member, and of the peer's, which has the same. */
  readonly clusterIdentifier: string;
  /** The home cell's multi-Region key. */
  readonly keyArn: Input<string>;
  readonly globalReplicationGroupId: Input<string>;
  readonly listenerArn: Input<string>;
}

/** What AWS names, and no preview knows: the statements about it are in a policy of their own. */
interface NamedByAws {
  readonly keyArn: string;
  readonly globalReplicationGroupId: string;
  readonly listenerArn: string;
}

/**
 * What the operators' roles may do on AWS, in both regions: what the runbooks' steps call, no more, and the keys that
 * what they read and write is encrypted with. IAM belongs to the account, so the home cell's stack makes it; IAM answers
 * everywhere while that region is lost.
 */
export class OperatorPolicy extends ComponentResource {
  constructor(name: string, args: OperatorPolicyArgs, opts?: ComponentResourceOptions) {
    super("castle:global:OperatorPolicy", name, {}, opts);
    const { context, keyArn, globalReplicationGroupId, listenerArn } = args;
    const known = knownValues(args);
    const isKnown = (statement: Statement): boolean =>
      [...placeholdersIn(statement)].every((placeholder) => !AWS_NAMES.has(placeholder));
    const statements = runbooksStatements();

    const documents: Readonly<Record<string, Input<string>>> = {
      ...Object.fromEntries(
        packed(statements.filter(isKnown).map((each) => filled(each, known))).map((document, index) => [
          `${index + 1}`,
          document,
        ]),
      ),
      "named-by-aws": all([keyArn, globalReplicationGroupId, listenerArn]).apply(([key, group, listener]) => {
        const named = { keyArn: key, globalReplicationGroupId: group, listenerArn: listener };
        return onePolicy([
          ...statements
            .filter((each) => !isKnown(each))
            .map((each) => filled(each, { ...known, ...valuesOf(named) })),
          useOfKeys(context.settings.account, key),
        ]);
      }),
    };
    for (const [part, document] of Object.entries(documents)) {
      const policy = new aws.iam.Policy(
        `${name}-${part}`,
        { description: "What Castle's runbooks need: docs/runbooks/iam-policy.json", policy: document },
        { parent: this },
      );
      for (const role of context.settings.operators.map(roleName))
        new aws.iam.RolePolicyAttachment(
          `${name}-${part}-${role}`,
          { role, policyArn: policy.arn },
          { parent: this },
        );
    }
    this.registerOutputs({});
  }
}

const inEach = <Value>(value: (region: CellRegion) => Value): Record<string, Value> =>
  Object.fromEntries(cellRegions.map((region) => [region, value(region)]));

/** What is known before anything exists. */
function knownValues({ context, clusterIdentifier }: OperatorPolicyArgs): Record<string, string> {
  const { settings, names } = context;
  const evidence = inEach((region) => names.bucket("evidence", region));
  return {
    Account: settings.account,
    GlobalCluster: names.globalDatabase,
    Cluster: clusterIdentifier,
    KubernetesCluster: names.cluster,
    WitnessTable: names.witnessTable,
    HandoverTopic: noticesTopicName(names),
    ...Object.fromEntries(
      Object.entries(evidence).map(([region, bucket]) => [`EvidenceBucketIn-${region}`, bucket]),
    ),
  };
}

const AWS_NAMES: ReadonlySet<string> = new Set([
  "GlobalReplicationGroup",
  "Accelerator",
  "Listener",
  ...cellRegions.map((region) => `EndpointGroupIn-${region}`),
]);

/** @throws Error when that is no listener's ARN */
export function valuesOf({
  globalReplicationGroupId,
  listenerArn,
}: Pick<NamedByAws, "globalReplicationGroupId" | "listenerArn">): Record<string, string> {
  const [, accelerator, listener] = /:accelerator\/([^/]+)\/listener\/([^/]+)$/.exec(listenerArn) ?? [];
  if (!accelerator || !listener)
    throw new Error(`${listenerArn} is not the ARN of an accelerator's listener`);
  return {
    GlobalReplicationGroup: globalReplicationGroupId,
    Accelerator: accelerator,
    Listener: listener,
    // The peer's group is made by its own stack, after this and under an id of AWS's: every group of our one listener.
    ...Object.fromEntries(cellRegions.map((region) => [`EndpointGroupIn-${region}`, "*"])),
  };
}

/**
 * Logins, evidence and notices are encrypted with the cells' keys, which are one multi-Region key: the same id in both
 * regions. Only by way of the services that hold them.
 */
export const useOfKeys = (account: string, keyArn: string): Statement => ({
  Sid: "UseTheCellsKeys",
  Effect: "Allow",
  Action: ["kms:Decrypt", "kms:GenerateDataKey"],
  Resource: cellRegions.map((region) => `arn:aws:kms:${region}:${account}:key/${keyArn.split("/").at(-1)}`),
  Condition: {
    StringEquals: {
      "kms:ViaService": cellRegions.flatMap((region) =>
        ["secretsmanager", "s3", "sns"].map((service) => `${service}.${region}.amazonaws.com`),
      ),
    },
  },
});

/** One document: how many there are must be known before AWS has named anything. */
function onePolicy(statements: readonly Statement[]): string {
  const document = policyDocument(statements);
  if (document.length > LARGEST)
    throw new Error(
      `the operators' policy about what AWS names has ${document.length} characters, and IAM takes ${LARGEST}: split it`,
    );
  return document;
}

/** IAM attaches by name, without the path. */
const roleName = (arn: string): string => arn.split("/").at(-1) ?? arn;
