/** What differs between environments, and nothing else does: sizes, how long things are kept, what is left out. */
export const profileNames = ["production", "nonproduction", "preview"] as const;

export type ProfileName = (typeof profileNames)[number];

export interface Profile {
  readonly name: ProfileName;
  /** Accelerator, witness, DNS, frontend distribution, users, audit trails. Without it a cell stands alone. */
  readonly globalTier: boolean;
  /** One for each zone, so that losing a zone costs no other its way out; or one for all. */
  readonly natPerZone: boolean;
  /** What people may not delete by mistake: deletion protection, final snapshots, no forced emptying of buckets. */
  readonly protectData: boolean;
  readonly nodes: {
    readonly instanceTypes: readonly string[];
    readonly min: number;
    readonly max: number;
  };
  readonly database: { readonly instanceClass: string; readonly instances: number };
  readonly journal: {
    readonly instanceClass: string;
    readonly storageGiB: number;
    readonly multiAz: boolean;
  };
  readonly cache: { readonly nodeType: string; readonly nodes: number };
  readonly keep: { readonly backupDays: number; readonly logDays: number; readonly evidenceDays: number };
}

export const profiles: Readonly<Record<ProfileName, Profile>> = {
  production: {
    name: "production",
    globalTier: true,
    natPerZone: true,
    protectData: true,
    nodes: { instanceTypes: ["m7g.xlarge", "m7g.2xlarge"], min: 3, max: 12 },
    database: { instanceClass: "db.r8g.2xlarge", instances: 2 },
    journal: { instanceClass: "db.m8g.xlarge", storageGiB: 200, multiAz: true },
    cache: { nodeType: "cache.r7g.large", nodes: 3 },
    keep: { backupDays: 35, logDays: 400, evidenceDays: 2_555 },
  },
  nonproduction: {
    name: "nonproduction",
    globalTier: true,
    natPerZone: true,
    protectData: true,
    nodes: { instanceTypes: ["m7g.large"], min: 3, max: 6 },
    database: { instanceClass: "db.r8g.large", instances: 2 },
    journal: { instanceClass: "db.m8g.large", storageGiB: 50, multiAz: true },
    cache: { nodeType: "cache.m7g.large", nodes: 2 },
    keep: { backupDays: 14, logDays: 90, evidenceDays: 90 },
  },
  preview: {
    name: "preview",
    globalTier: false,
    natPerZone: false,
    protectData: false,
    nodes: { instanceTypes: ["t4g.large"], min: 2, max: 3 },
    database: { instanceClass: "db.t4g.medium", instances: 1 },
    journal: { instanceClass: "db.t4g.micro", storageGiB: 20, multiAz: false },
    cache: { nodeType: "cache.t4g.small", nodes: 1 },
    keep: { backupDays: 1, logDays: 7, evidenceDays: 1 },
  },
};
