/** Where a component stands in the picture: the floors of a cell, from the way in down to the ground; or above both. */
export const tiers = ["global", "way in", "services", "data", "ground"] as const;

export type Tier = (typeof tiers)[number];

const floors: readonly (readonly [RegExp, Tier])[] = [
  [/^castle:global:/, "global"],
  [/:(EdgeEndpoint|CellIngress|CellDns)$/, "way in"],
  [/:(CellCluster|Workloads|BlockchainNodes|.*Controllers?|.*Addons?|ClusterServices|GitOps)$/, "services"],
  [/:(AuroraMember|JournalDatabase|CacheMember|CellStorage)$/, "data"],
];

/** The first floor that knows the type; the ground for what carries all else: network, keys, secrets, records. */
export const tierOf = (type: string): Tier => floors.find(([pattern]) => pattern.test(type))?.[1] ?? "ground";

/** Made of components, which are shown each for itself. */
export const isWhole = (type: string): boolean => /:(Castle|RegionalCell|GlobalTier)$/.test(type);
