/** What checks measure, by the name of its metric, with what it says. Units stand in the names. */
export const figures = {
  castle_replication_lag_commands: "Commands that the peer's database lacks, all streams together.",
  castle_replication_lag_seconds: "Age of what the peer's database replayed last, 0 when it lacks nothing.",
  castle_journal_lag_commands:
    "Accepted commands that the peer's journal has no mark for, all streams together.",
  castle_journal_vouched_seconds:
    "Time since the standby database last showed the peer's journal that it follows.",
  castle_cache_lag_bytes: "Bytes of the replication stream that the peer's cache lacks.",
  castle_cache_lag_seconds: "Time since the peer's cache last heard of the active one.",
  castle_paired_seconds: "Time since the witness's record says paired; absent in solo.",
  castle_replication_lag_told_seconds: "Lag of the peer's database as CloudWatch tells it.",
  castle_restorable_seconds: "Since the last moment that the peer's database could be restored to.",
  castle_certificate_seconds: "Until the first certificate of either cell ends.",
  castle_witness_seconds: "Time the witness took to answer.",
  castle_standby_connections_free: "Connections that the peer's database could still take.",
} as const;

export type FigureName = keyof typeof figures;
