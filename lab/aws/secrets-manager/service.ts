import {
  DescribeSecret$,
  type DescribeSecretRequest,
  InternalServiceError$,
  InvalidNextTokenException$,
  ListSecrets$,
  type ListSecretsRequest,
  ResourceNotFoundException$,
} from "@aws-sdk/client-secrets-manager";
import { regionNames } from "@castle/regions/catalogue.ts";
import { modelledFault, rateExceeded } from "../fault.ts";
import type { Secret } from "../holdings.ts";
import { pageOf } from "../paginate.ts";
import { type AwsService, type Call, operation, type ServiceParts } from "../service.ts";
import { jsonProtocol } from "../wire/json.ts";
import { requireKnownOrder, wantedSecrets } from "./list.ts";
import { describeSecret, listSecret, secretArn } from "./secret.ts";

/**
 * Secrets Manager, over the names of the lab's secrets: where they are and whether regions agree. There is no
 * GetSecretValue: nothing in the lab reads a value here, and so none can leak here.
 */
export function secretsManager({ holdings, identifiers, replicas }: ServiceParts): AwsService {
  const { account } = identifiers;
  const held = (region: string): readonly Secret[] =>
    holdings.secrets().filter(({ name }) => replicas.has(name, region));

  async function list(input: ListSecretsRequest, { region }: Call) {
    requireKnownOrder(input);
    const secrets = wantedSecrets(held(region), input.Filters ?? []);
    const paging = { MaxRecords: input.MaxResults, Marker: input.NextToken };
    const page = pageOf(secrets, ({ name }) => name, paging);
    if (page === null) throw modelledFault(InvalidNextTokenException$, "You provided an invalid NextToken.");
    return {
      SecretList: page.items.map((secret) => listSecret(secret, region, account)),
      ...(page.Marker !== undefined && { NextToken: page.Marker }),
    };
  }

  async function describe({ SecretId = "" }: DescribeSecretRequest, { region }: Call) {
    const found = held(region).find(
      (secret) => SecretId === secret.name || SecretId === secretArn(secret, region, account),
    );
    if (!found)
      throw modelledFault(ResourceNotFoundException$, "Secrets Manager can't find the specified secret.");
    return describeSecret(found, region, account, (other) => replicas.has(found.name, other));
  }

  return {
    signingName: "secretsmanager",
    regions: regionNames,
    protocol: jsonProtocol({ version: "1.1", serviceTarget: "secretsmanager" }),
    failures: {
      throttled: rateExceeded,
      internal: () => modelledFault(InternalServiceError$, "An error occurred on the server side."),
    },
    operations: [
      operation<ListSecretsRequest>(ListSecrets$, list, {
        MaxResults: { min: 1, max: 100 },
        Filters: { min: 0, max: 10 },
      }),
      operation<DescribeSecretRequest>(DescribeSecret$, describe),
    ],
  };
}
