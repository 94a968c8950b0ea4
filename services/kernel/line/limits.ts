/** When a line is given up, and how often it proves that it lives. Both ends should have the same. */
export interface LineLimits {
  /** A heartbeat is sent when nothing else was for about this long. Milliseconds. */
  readonly heartbeatMs: number;
  /**
   * Closed when nothing was heard for that long, noticed within one `heartbeatMs` more. Time in which this process did
   * not run does not count. Milliseconds.
   */
  readonly silentMs: number;
  /** The longest message either way, in bytes of UTF-8. */
  readonly maxFrameBytes: number;
  /** With more than this many bytes waiting, the next message closes the line: the other end does not read. */
  readonly maxBytesBehind: number;
}

export const DEFAULT_LINE_LIMITS: LineLimits = {
  heartbeatMs: 250,
  silentMs: 1_500,
  maxFrameBytes: 64 * 1024 * 1024,
  maxBytesBehind: 32 * 1024 * 1024,
};
