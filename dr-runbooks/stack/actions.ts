/** What is asked of AWS before a command acts on a Castle there, as IAM names it. All of it reads. */
export const openingActions: readonly string[] = ["secretsmanager:GetSecretValue", "sts:GetCallerIdentity"];
