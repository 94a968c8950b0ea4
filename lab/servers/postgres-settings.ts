/**
 * Settings of every PostgreSQL of the lab, the same in all, so that it does no harm that pg_basebackup and pg_rewind copy
 * configuration files from one server to the other. They stand in the file, not on the command line, because pg_rewind's
 * own crash recovery must know them too: without wal_keep_size it would throw away the log it is about to read. What
 * tells one server from another (its port, its writer) stands on the command line alone.
 */
export const postgresSettings: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  // No socket files: TCP with a password is the one way in, and a long folder name cannot break a socket's path.
  unix_socket_directories: "",
  max_connections: "120",
  shared_buffers: "64MB",
  // An acknowledgement stands on a commit: it is on disk, as on Aurora it is in the storage of three zones.
  fsync: "on",
  synchronous_commit: "on",
  // pg_rewind needs hints of the old timeline logged; the cluster has checksums, which imply it, but says so here too.
  wal_log_hints: "on",
  full_page_writes: "on",
  wal_level: "replica",
  hot_standby: "on",
  // Instead of replication slots: a slot would have to be made anew after every change of role, and one that is
  // forgotten fills the disk. A reader that was away for longer than this holds is rebuilt.
  wal_keep_size: "256MB",
  min_wal_size: "128MB",
  max_wal_size: "512MB",
  // A reader that lost its writer asks again this often.
  wal_retrieve_retry_interval: "200ms",
  wal_receiver_status_interval: "1s",
  wal_sender_timeout: "10s",
  wal_receiver_timeout: "10s",
  // A query on the reader may hold up replay only this long.
  max_standby_streaming_delay: "2s",
  // A reader follows its writer through a promotion.
  recovery_target_timeline: "latest",
  jit: "off",
  max_parallel_workers_per_gather: "0",
  log_line_prefix: "%m [%p] %a ",
  log_min_messages: "warning",
  log_timezone: "UTC",
  timezone: "UTC",
};

export const asFile = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} = '${value}'\n`)
    .join("");
