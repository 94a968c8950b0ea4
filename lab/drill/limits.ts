/** What a drill must keep to, besides the truth. Shares are of the requests. */
export const limits = {
  p99Ms: 100,
  clientGapMs: { failover: 4_000, switchover: 2_000 },
  labUpMs: 15_000,
  memoryBytes: 2.5 * 2 ** 30,
  /** Of the requested rate, in the steady phases. */
  answeredShare: 0.98,
  /** Of what was sent, in the steady phases. */
  errorShare: 0.01,
} as const;
