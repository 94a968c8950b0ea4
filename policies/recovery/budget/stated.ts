/** A part of a recovery that no property of a resource tells. */
export interface Stated {
  readonly part: string;
  readonly seconds: number;
  /** Where the figure is from. */
  readonly source: string;
}

/** What a failover takes besides the health checks, one after the other: the steps of `castle failover` in their order. */
export const stated: readonly Stated[] = [
  {
    part: "noticing and deciding",
    seconds: 120,
    source: "alarms are evaluated by the minute; an operator's answer is allowed another",
  },
  {
    part: "promotion of the database",
    seconds: 120,
    source: "Aurora User Guide, failover of a global database: often one to two minutes",
  },
  {
    part: "promotion of the cache",
    seconds: 60,
    source: "ElastiCache User Guide, promoting a secondary of a global datastore: about a minute",
  },
  {
    part: "replay of the journal's tail",
    seconds: 30,
    source: "the lag of Aurora's replication is under a second, and the tail no longer; with room for thirty",
  },
  {
    part: "warm-up of the services",
    seconds: 120,
    source:
      "standby instances are warm; those that are added start on nodes with the image present or pulled",
  },
  {
    part: "the accelerator's turn",
    seconds: 30,
    source: "Global Accelerator FAQ: traffic follows health within thirty seconds",
  },
];
