/** When a line is given up, and how often it proves that it lives: both ends should have the same. And how it sends. */
export interface LineLimits {
  /** A heartbeat is sent when nothing else was for about this long. Milliseconds. */
  readonly heartbeatMs: number;
  /**
   * Closed when nothing was heard for that long, noticed within one `heartbeatMs` more. Time in which this process did
   * not run does not count. Milliseconds.
   */
  readonly silentMs: number;
  /** How long a message waits for others to leave with it: 0 for those of the same turn of the event loop. Milliseconds. */
  readonly gatherMs: number;
  /** The longest message either way, in bytes of UTF-8. */
  readonly maxFrameBytes: number;
  /** With more than this many bytes waiting, the next message closes the line: the other end does not read. */
  readonly maxBytesBehind: number;
}

export const DEFAULT_LINE_LIMITS: LineLimits = {
  heartbeatMs: 250,
  silentMs: 1_500,
  gatherMs: 0,
  maxFrameBytes: 64 * 1024 * 1024,
  maxBytesBehind: 32 * 1024 * 1024,
};
