/** Ports of the stores in the data tier, on which they listen in every cell. */
export const postgresPort = 5432;
export const cachePort = 6379;
