import { witnessRegion } from "@castle/regions/catalogue.ts";
import type { Statement } from "../policy-document.ts";

/**
 * What services may do in AWS: read the witness, and change its record on a condition. The record of executions, beside
 * it in the table, is the runbooks' own. Pure.
 */
export const witnessStatements = (account: string, table: string): readonly Statement[] => [
  {
    Sid: "AskTheWitness",
    Effect: "Allow",
    Action: ["dynamodb:GetItem", "dynamodb:PutItem"],
    Resource: [`arn:aws:dynamodb:${witnessRegion}:${account}:table/${table}`],
    Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["active-role"] } },
  },
];
