import type {
  Check,
  Evidence,
  Handover,
  MachineUse,
  Report,
  TimelinePoint,
} from "@castle/dr-runbooks/report/report.ts";
import { epoch } from "@castle/regions/epoch.ts";

const outages = [
  { startMs: 18_000, endMs: 21_240 },
  { startMs: 46_050, endMs: 46_910 },
];

const bucketMs = 100;
const lastsMs = 62_000;

/** A made-up drill that passes, with every part of a report in it. The same at every call. */
export function exampleReport(): Report {
  return {
    format: 1,
    verdict: "pass",
    scenario: "region-loss",
    story: "Every process of eu-west-1 was killed at once under 500 requests a second.",
    sabotage: null,
    startedAt: "2026-01-02T03:04:05.678Z",
    durationMs: 84_300,
    labUpMs: 7_420,
    seed: 42,
    rttMs: 20,
    options: { seconds: 12, symbols: ["BTCUSDT", "ETHUSDT", "SOLUSDT"], accounts: 100, judgeSpeed: true },
    load: {
      requestedRps: 500,
      sent: 31_000,
      acknowledged: 28_010,
      refused: 240,
      answered: 1_538,
      errors: 1_212,
      unresolved: 0,
      latencyMs: { p50: 27.4, p95: 34.1, p99: 51.7, max: 143 },
      steady: [
        steady("steady in eu-west-1", 5_000, 18_000, 29.2),
        steady("steady in eu-central-1", 22_000, 34_000, 51.7),
        steady("steady at home again", 48_000, 60_000, 30.1),
      ],
    },
    handovers: [failover(), switchover()],
    timeline: { bucketMs, points: points() },
    marks: [
      { kind: "act", name: "warm-up", startMs: 0, endMs: 5_000 },
      { kind: "steady", name: "steady in eu-west-1", startMs: 5_000, endMs: 18_000 },
      { kind: "fault", name: "eu-west-1 killed", startMs: 18_000, endMs: 18_000 },
      { kind: "act", name: "detection", startMs: 18_000, endMs: 18_620 },
      { kind: "act", name: "failover", startMs: 18_620, endMs: 21_900 },
      { kind: "steady", name: "steady in eu-central-1", startMs: 22_000, endMs: 34_000 },
      { kind: "act", name: "eu-west-1 restored and paired", startMs: 34_000, endMs: 46_000 },
      { kind: "act", name: "switchover", startMs: 46_000, endMs: 48_000 },
      { kind: "steady", name: "steady at home again", startMs: 48_000, endMs: 60_000 },
    ],
    checks: [
      judgedCheck("Lost acknowledgements", "0", "0"),
      judgedCheck("p99 in the steady phases", "under 100 ms", "52 ms"),
      judgedCheck("No acknowledgement during the failover", "under 4.00 s", "3.24 s"),
    ],
    audit: {
      lostAcknowledged: 0,
      duplicatedEffects: 0,
      contradicted: 0,
      staleEpochAcknowledged: 0,
      seqGaps: 0,
      conserved: true,
      negativeBalances: 0,
      checked: {
        "acknowledged commands": 28_010,
        "fills told": 18_220,
        "depth messages": 20_114,
        postings: 131_400,
      },
      examples: [],
    },
    memory: { peakBytes: 1_530_000_000 },
    machine: {
      ...{ cpus: 2, model: "Example CPU", memoryBytes: 8 * 2 ** 30, system: "linux 6.1 x64" },
      idle: exampleUse(0.02, 0.01),
      phases: [
        { name: "both regions start", durationMs: 7_420, use: exampleUse(0.81, 0.02) },
        { name: "steady in eu-west-1", durationMs: 13_000, use: exampleUse(0.48, 0.03) },
      ],
    },
    versions: { castle: "0.1.0", node: "v24.0.0", postgres: "15.0", redis: "7.0.0" },
  };
}

const judgedCheck = (name: string, wanted: string, found: string): Check => ({
  ...{ name, wanted, found, ok: true, judged: true, reason: null },
});

/** Shares of the machine. */
export const exampleUse = (castle: number, others: number): MachineUse => ({
  cpu: {
    ...{ castle, others, kernel: 0.02, stolen: 0, idle: 0.98 - castle - others },
    ...{ othersPeak: others, stolenPeak: 0 },
  },
  largestOthers: [{ program: "browser", share: others }],
  waiting: { cpu: castle / 2, io: 0.01, memory: 0 },
  fsyncMs: { p50: 0.8, p99: 2.4 },
  disk: { msPerWrite: 0.3, bytesPerSecond: 4_000_000, castleBytesPerSecond: 3_900_000 },
});

function steady(name: string, startMs: number, endMs: number, p99: number): Report["load"]["steady"][number] {
  const sent = (endMs - startMs) / 2;
  return {
    name,
    startMs,
    endMs,
    sent,
    acknowledged: sent - 330,
    refused: 30,
    answered: 300,
    errors: 0,
    latencyMs: { p50: 27, p95: 29, p99, max: 143 },
  };
}

const exampleEvidence = (execution: string): Evidence => ({
  ...{ execution, root: "a".repeat(64), head: "b".repeat(64), lines: 140, holds: true, approvals: 0 },
  ...{ calls: 90, changes: 7, readyBefore: true, readyAfter: false, report: null },
});

function failover(): Handover {
  return {
    kind: "failover",
    from: "eu-west-1",
    to: "eu-central-1",
    epoch: epoch(2),
    clientGapMs: 3_240,
    outage: { startMs: 18_000, endMs: 21_240 },
    fullRateMs: 3_700,
    traders: { count: 100, back: 100, p50Ms: 3_310, maxMs: 3_980 },
    replayed: 37,
    evidence: exampleEvidence("failover-2-eu-central-1-x"),
    phasesMs: {
      detect: 620,
      fence: 130,
      promote: 1_240,
      replay: 90,
      rebuild: 610,
      open: 150,
      "traffic returns": 400,
    },
    startMs: 18_000,
    steps: stepsFrom(18_620, [
      ["claim-role", 60],
      ["fence-old-cell", 70],
      ["promote-database", 1_180],
      ["raise-epoch", 60],
      ["replay-journal", 90],
      ["promote-redis", 180],
      ["catch-up", 430],
      ["check-invariants", 60],
      ["open-cell", 90],
      ["pin-old-endpoint", 310],
    ]),
  };
}

function switchover(): Handover {
  return {
    ...failover(),
    kind: "switchover",
    from: "eu-central-1",
    to: "eu-west-1",
    epoch: epoch(3),
    clientGapMs: 860,
    outage: { startMs: 46_050, endMs: 46_910 },
    fullRateMs: 1_100,
    replayed: 0,
    evidence: exampleEvidence("switchover-3-eu-west-1-x"),
    startMs: 46_000,
    phasesMs: { drain: 120, fence: 60, promote: 350, rebuild: 160, "traffic returns": 220 },
    steps: stepsFrom(46_010, [
      ["close-gate", 30],
      ["drain", 90],
      ["claim-role", 60],
      ["switch-database", 350],
      ["open-cell", 160],
    ]),
  };
}

function stepsFrom(startMs: number, list: readonly [string, number][]): Handover["steps"] {
  let at = startMs;
  return list.map(([name, ms]) => {
    at += ms;
    return {
      name,
      purpose: `What ${name} is for, in one sentence.`,
      startMs: at - ms,
      endMs: at,
      outcome: "done",
      error: null,
    };
  });
}

function points(): TimelinePoint[] {
  return Array.from({ length: lastsMs / bucketMs }, (_, i) => {
    const t = i * bucketMs;
    const out = outages.some(({ startMs, endMs }) => t >= startMs && t < endMs - bucketMs);
    const wave = Math.sin(i * 12.9898) * 0.5 + Math.sin(i * 4.1414) * 0.5;
    if (out)
      return {
        t,
        sent: 50,
        acknowledged: 0,
        refused: 0,
        answered: 0,
        errors: Math.round(34 + 14 * wave),
        p50: null,
        p99: null,
      };
    const after = outages.some(({ endMs }) => t >= endMs - bucketMs && t < endMs + 400);
    return {
      t,
      sent: 50,
      acknowledged: Math.round(46 + 5 * wave + (after ? 45 : 0)),
      refused: 1,
      answered: 3,
      errors: 0,
      p50: 27 + wave * 2 + (after ? 300 : 0),
      p99: 36 + Math.abs(wave) * 20 + (after ? 2_600 : 0),
    };
  });
}
