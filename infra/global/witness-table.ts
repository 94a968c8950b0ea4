import { witnessRegion } from "@castle/regions/catalogue.ts";
import { WITNESS_KEY } from "@castle/regions/witness/table.ts";
import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { CellContext } from "../cell/context.ts";
import { policyDocument, type Statement } from "../policy-document.ts";
import { keyPolicy, usedByService } from "./key-policy.ts";
import { WitnessWatch } from "./witness-watch.ts";

export interface WitnessTableArgs {
  readonly context: CellContext;
  /** Of the third region. */
  readonly witness: aws.Provider;
}

/**
 * Where it is written who is active: a table in the third region, which outlives either cell's.
 *
 * Only the table is infrastructure. Its records are run-time state: neither this component nor anything else in the
 * program writes one, so that no `pulumi up` can ever change who is active.
 */
export class WitnessTable extends ComponentResource {
  readonly tableArn: Output<string>;
  readonly tableName: string;

  constructor(name: string, { context, witness }: WitnessTableArgs, opts?: ComponentResourceOptions) {
    super("castle:global:WitnessTable", name, {}, opts);
    const { settings, names } = context;
    const { protectData } = settings.profile;
    const here = { parent: this, provider: witness, protect: protectData };
    this.tableName = names.witnessTable;

    const key = new aws.kms.Key(
      `${name}-key`,
      {
        description: `${names.prefix}: the witness's records, and notices about it`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: keyPolicy(settings.account, [
          usedThroughDynamoDb(settings.account),
          // An alarm can tell an encrypted topic something only where CloudWatch itself may use the key.
          usedByService("AlarmsUse", "cloudwatch.amazonaws.com", {
            StringEquals: { "aws:SourceAccount": settings.account },
          }),
        ]),
      },
      here,
    );
    const table = new aws.dynamodb.Table(
      `${name}-table`,
      {
        name: this.tableName,
        billingMode: "PAY_PER_REQUEST",
        hashKey: WITNESS_KEY,
        attributes: [{ name: WITNESS_KEY, type: "S" }],
        serverSideEncryption: { enabled: true, kmsKeyArn: key.arn },
        pointInTimeRecovery: { enabled: true },
        deletionProtectionEnabled: protectData,
      },
      here,
    );
    new aws.dynamodb.ResourcePolicy(
      `${name}-only-put`,
      { resourceArn: table.arn, policy: onlyPut(tableArnOf(settings.account, this.tableName)) },
      { parent: this, provider: witness },
    );
    new WitnessWatch(
      `${name}-watch`,
      { context, witness, tableName: this.tableName, keyArn: key.arn },
      { parent: this },
    );

    this.tableArn = table.arn;
    this.registerOutputs({ tableArn: this.tableArn });
  }
}

const tableArnOf = (account: string, table: string): string =>
  `arn:aws:dynamodb:${witnessRegion}:${account}:table/${table}`;

/**
 * The witness's protocol reads, and puts whole items on a condition. Every other way to change a record has no
 * condition that Castle's writers know of, and is refused to everybody, administrators included: whoever must, has to
 * remove this policy first, which a trail records.
 */
export const onlyPut = (tableArn: string): string =>
  policyDocument([
    {
      Sid: "RecordsAreOnlyPut",
      Effect: "Deny",
      Principal: "*",
      Action: [
        "dynamodb:BatchWriteItem",
        "dynamodb:DeleteItem",
        "dynamodb:PartiQLDelete",
        "dynamodb:PartiQLInsert",
        "dynamodb:PartiQLUpdate",
        "dynamodb:UpdateItem",
      ],
      Resource: [tableArn],
    },
  ]);

/** Whoever may use the table may use its key, by way of DynamoDB in this region and not otherwise. */
const usedThroughDynamoDb = (account: string): Statement => ({
  Sid: "DynamoDbUses",
  Effect: "Allow",
  // The conditions keep it to this account; IAM decides who in it may reach the table at all.
  Principal: { AWS: "*" },
  Action: ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
  Resource: ["*"],
  Condition: {
    StringEquals: {
      "kms:CallerAccount": account,
      "kms:ViaService": `dynamodb.${witnessRegion}.amazonaws.com`,
    },
  },
});
