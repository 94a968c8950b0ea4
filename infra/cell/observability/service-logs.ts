/**
 * Where a cell's services write. Each line has to arrive as it was written, a JSON object and nothing around it (in Fluent
 * Bit: cloudwatch_logs with `log_key log`): what is counted is looked for at the top of it.
 */
export const servicesLogGroup = (prefix: string): string => `/castle/${prefix}/services`;

/** Namespace of what is counted in logs; the environment is in it, since several may share a region. */
export const logNamespace = (prefix: string): string => `Castle/${prefix}`;

/** A count of log lines: CloudWatch Logs' filter, and the metric that it feeds. */
export interface LogCount {
  readonly name: string;
  readonly metric: string;
  /** Filter pattern over the JSON lines of services/kernel/log.ts. */
  readonly pattern: string;
  readonly value: "0" | "1";
}

/** Metrics that log lines are counted in. */
export const logMetrics = {
  /** 1 when a service saw the cell go solo, 0 when it saw it paired, or no longer active. */
  solo: "Solo",
  journalFailed: "JournalFailed",
  errors: "ServiceErrors",
} as const;

/** What services say when it happens: the words are those of the code, and a test holds them against it. */
export const sayings = {
  roleChanged: "role changed",
  journalFailed: "the peer's journal did not do what it was asked",
} as const;

const PINO_ERROR = 50;

/**
 * A change of the role is told by every service that sees it, with what it is now under `next` (services/kernel/role/
 * role-watch.ts). Pure.
 */
export const logCounts: readonly LogCount[] = [
  {
    name: "solo",
    metric: logMetrics.solo,
    pattern: `{ ($.msg = "${sayings.roleChanged}") && ($.next.durability = "solo") }`,
    value: "1",
  },
  {
    name: "not-solo",
    metric: logMetrics.solo,
    pattern: `{ ($.msg = "${sayings.roleChanged}") && (($.next.durability = "paired") || ($.next.role = "standby")) }`,
    value: "0",
  },
  {
    name: "journal-fails",
    metric: logMetrics.journalFailed,
    pattern: `{ $.msg = "${sayings.journalFailed}" }`,
    value: "1",
  },
  { name: "errors", metric: logMetrics.errors, pattern: `{ $.level >= ${PINO_ERROR} }`, value: "1" },
];
