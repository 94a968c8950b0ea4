/**
 * PostgreSQL of both kinds, pinned. Members of a global database must have one version, patch level included, or AWS may
 * refuse a managed failover; so nothing is upgraded by itself, and this line is the one place to turn. A minor upgrade
 * goes to the stack of the standby cell first, then to the active one's.
 */
export const POSTGRES = {
  version: "17.7",
  clusterFamily: "aurora-postgresql17",
  instanceFamily: "postgres17",
} as const;

/** The database in the Aurora cluster. */
export const DATABASE = "castle";

/** At these times AWS may restart a store. Those of the two cells never meet: one cell is always left whole. */
export const maintenance = (home: boolean): { readonly window: string; readonly backup: string } =>
  home
    ? { window: "sun:03:30-sun:04:30", backup: "01:30-02:30" }
    : { window: "tue:03:30-tue:04:30", backup: "01:30-02:30" };
