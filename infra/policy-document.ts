/** IAM's policy language, as far as Castle speaks it. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Principal;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

type Principal =
  | { readonly AWS: string | readonly string[] }
  | { readonly Service: string | readonly string[] };

/** The policy as AWS takes it. */
export const policyDocument = (statements: readonly Statement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

/**
 * Lets a service take a role, for resources of this account alone: a service acts for every customer, and could
 * otherwise be talked into using our role for another one.
 */
export const assumedByService = (service: string, account: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OneServiceForOneAccount",
        Effect: "Allow",
        Principal: { Service: service },
        Action: ["sts:AssumeRole"],
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ],
  });
