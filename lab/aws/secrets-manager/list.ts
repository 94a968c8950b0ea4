import {
  type Filter,
  InvalidParameterException$,
  type ListSecretsRequest,
} from "@aws-sdk/client-secrets-manager";
import { homeRegion } from "@castle/regions/catalogue.ts";
import { modelledFault } from "../fault.ts";
import type { Secret } from "../holdings.ts";

/** What a filter compares with, by its key. Tags and owning services are none of the lab's secrets'. */
const textsOf: Readonly<Record<string, (secret: Secret) => readonly string[]>> = {
  name: ({ name }) => [name],
  description: ({ purpose }) => [purpose],
  "primary-region": () => [homeRegion],
  "tag-key": () => [],
  "tag-value": () => [],
  "owning-service": () => [],
  all: ({ name, purpose }) => [name, purpose],
};

/** As documented: every filter must fit, each by the beginning of any of its values; `!` before one turns it round. */
export function wantedSecrets(secrets: readonly Secret[], filters: readonly Filter[]): readonly Secret[] {
  return filters.reduce<readonly Secret[]>((left, { Key = "", Values = [] }) => {
    const texts = Object.hasOwn(textsOf, Key) ? textsOf[Key] : undefined;
    if (!texts)
      throw invalid(`Filter key ${Key} is not valid; valid keys: ${Object.keys(textsOf).join(", ")}`);
    const begins = (secret: Secret, value: string) => texts(secret).some((text) => text.startsWith(value));
    return left.filter((secret) =>
      Values.some((value) =>
        value.startsWith("!") ? !begins(secret, value.slice(1)) : begins(secret, value),
      ),
    );
  }, secrets);
}

/** @throws AwsFault for an order that the lab does not list in */
export function requireKnownOrder({ SortBy, SortOrder }: ListSecretsRequest): void {
  if ((SortBy !== undefined && SortBy !== "name") || (SortOrder !== undefined && SortOrder !== "asc"))
    throw invalid("SortBy, SortOrder: the lab lists secrets by name, ascending");
}

const invalid = (message: string) => modelledFault(InvalidParameterException$, message);
