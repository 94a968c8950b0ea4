/** One parameter of RDS. Most want a restart, which a new instance has had when it answers first. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly applyMethod: "immediate" | "pending-reboot";
}

const parameter = (
  name: string,
  value: string,
  applyMethod: Parameter["applyMethod"] = "immediate",
): Parameter => ({ name, value, applyMethod });

/**
 * The same in database and journal, and in both cells: what readiness compares between them stands here.
 *
 * `rds.force_ssl` is reported as pending-reboot whatever is asked, and asked otherwise it would be a difference for ever.
 */
const both: readonly Parameter[] = [
  parameter("rds.force_ssl", "1", "pending-reboot"),
  parameter("ssl_min_protocol_version", "TLSv1.2"),
  parameter("rds.accepted_password_auth_method", "scram"),
  parameter("password_encryption", "scram-sha-256"),
  // An acknowledgement stands on a commit.
  parameter("synchronous_commit", "on"),
  parameter("timezone", "UTC"),
  // Statements are short and known: compiling or spreading them costs more than it gains, and never evenly.
  parameter("jit", "0"),
  parameter("max_parallel_workers_per_gather", "0"),
  // A client that died in the middle of a transaction must not hold the rows of a batch for longer than a call may take.
  parameter("idle_in_transaction_session_timeout", "15000"),
  parameter("shared_preload_libraries", "pg_stat_statements", "pending-reboot"),
  // What is slow is told, and never with its values: those of a trader's key, or a password in a CREATE ROLE, would
  // stand in a log.
  parameter("log_statement", "none"),
  parameter("log_min_duration_statement", "500"),
  parameter("log_parameter_max_length", "0"),
  parameter("log_lock_waits", "1"),
];

/**
 * Of the Aurora cluster. `rds.global_db_rpo` is left alone: the writer would stop commits while the peer is away, at
 * twenty seconds' lag at the earliest, where the journal already refuses to acknowledge at once, and `solo` goes on.
 */
export const clusterParameters: readonly Parameter[] = both;

/** Of the journal: small transactions only, appended to and pruned all the time. */
export const journalParameters: readonly Parameter[] = [
  ...both,
  parameter("autovacuum_vacuum_scale_factor", "0.02"),
  parameter("autovacuum_vacuum_cost_limit", "2000"),
];
