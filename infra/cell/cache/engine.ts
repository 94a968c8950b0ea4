/** Redis OSS, pinned: the newest that a global datastore takes, of the line that the lab rehearses with. */
export const REDIS = { version: "7.1", family: "redis7" } as const;
