/** Who owns every store's database, and logs in to it. */
export const storeOwner = "castle";

/** A secret that is made once, for the home cell and its replica. */
export type SecretSpec = {
  readonly reader: "services" | "operator";
  /** Behind the reader in its name: see names.ts. */
  readonly name: string;
  readonly purpose: string;
  /** Raised by one to have a new value made: docs/operations.md says what else has to be done then. */
  readonly version: number;
} & ({ readonly made: "login" | "password" | "seal-key" } | { readonly copyOf: string });

/** What each store's secrets are: the owner's, which runbooks log in with, and the same for services. */
const stores = [
  { name: "database", made: "login", version: 1, store: "the Aurora database" },
  { name: "journal", made: "login", version: 1, store: "both cells' journals" },
  { name: "cache", made: "password", version: 1, store: "the cache" },
] as const;

export const secretSpecs: readonly SecretSpec[] = [
  ...stores.map(
    ({ name, made, version, store }): SecretSpec => ({
      reader: "operator",
      name,
      made,
      version,
      purpose: `How runbooks log in to ${store}`,
    }),
  ),
  ...stores.map(
    ({ name, version, store }): SecretSpec => ({
      reader: "services",
      name,
      copyOf: name,
      version,
      purpose: `How services log in to ${store}`,
    }),
  ),
  {
    reader: "services",
    name: "seal-key",
    made: "seal-key",
    version: 1,
    purpose:
      "Seals API secrets, and keys the lines inside a cell; without it no stored API secret can be opened again",
  },
];
