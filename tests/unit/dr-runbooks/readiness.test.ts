import { tellReadiness } from "@castle/dr-runbooks/cli/tell-readiness.ts";
import type { Check } from "@castle/dr-runbooks/readiness/check.ts";
import { connectTo } from "@castle/dr-runbooks/readiness/connections.ts";
import { estimateRecovery, type PastExecution } from "@castle/dr-runbooks/readiness/estimate.ts";
import { judgeExposure } from "@castle/dr-runbooks/readiness/exposure.ts";
import { ReadinessMetrics } from "@castle/dr-runbooks/readiness/metrics.ts";
import { lookAtReadiness, type Readiness, summary } from "@castle/dr-runbooks/readiness/readiness.ts";
import { tellSpan } from "@castle/dr-runbooks/readiness/span.ts";
import { changedChecks } from "@castle/dr-runbooks/readiness/watch.ts";
import { milliseconds } from "@castle/regions/duration.ts";
import { expect } from "chai";
import { labTarget } from "./target-of-tests.ts";

const check = (change: Partial<Readiness["checks"][number]> = {}): Readiness["checks"][number] => ({
  ...{ name: "mode", why: "Because it is so.", mend: "Mend it.", severity: "blocks", ms: 3 },
  ...{ outcome: "holds", found: "paired", wanted: "paired" },
  ...change,
});

const readiness = (change: Partial<Readiness> = {}): Readiness => ({
  ...{ target: "a lab", at: 1_000_000, ms: 120, ready: true, holds: true, checks: [check()] },
  role: {
    epoch: 4,
    active: "eu-west-1",
    peer: "eu-central-1",
    mode: "paired",
    sinceSeconds: 90,
    claim: null,
  },
  estimate: { detectionSeconds: 30, recoverySeconds: 1.5, source: "the last failover" },
  exposure: { commands: 0, told: "nothing that was acknowledged: paired" },
  ...change,
});

describe("whether the peer is ready", () => {
  const cases = [
    ["holds", "blocks", { ready: true, holds: true }],
    ["not-configured", "warns", { ready: true, holds: true }],
    ["fails", "warns", { ready: true, holds: false }],
    ["fails", "blocks", { ready: false, holds: false }],
    ["unknown", "blocks", { ready: false, holds: false }],
    ["unknown", "warns", { ready: false, holds: false }],
  ] as const;
  for (const [outcome, severity, expected] of cases)
    it(`with a check that ${severity}: ${outcome} makes ${JSON.stringify(expected)}`, () => {
      expect(summary([check(), { outcome, severity }])).to.deep.equal(expected);
    });
});

describe("a look", () => {
  const connections = connectTo(labTarget());
  after(() => connections.close());
  const looking = (look: Check["look"]): Check => ({
    ...{ name: "one", why: "So.", mend: "Do.", severity: "warns", deadline: milliseconds(20) },
    look,
  });
  const cases: [string, Check["look"], RegExp][] = [
    ["does not end by its deadline", () => new Promise(() => undefined), /no answer within 20 ms/],
    ["fails", () => Promise.reject(new Error("refused")), /refused/],
    [
      "throws at once",
      () => {
        throw new Error("thrown");
      },
      /thrown/,
    ],
  ];
  for (const [what, look, told] of cases)
    it(`that ${what} is unknown, says why, and the peer is not ready`, async () => {
      const { ready, checks } = await lookAtReadiness(connections, [looking(look)]);
      expect(checks[0]).to.include({ outcome: "unknown" });
      expect(checks[0]?.found).to.match(told);
      expect(ready).to.equal(false);
    });

  it("makes all its checks at the same time", async () => {
    const order: string[] = [];
    const both = Promise.withResolvers<void>();
    const meeting = looking(async () => {
      order.push("there");
      if (order.length === 2) both.resolve();
      await both.promise;
      return { outcome: "holds", found: "the other one", wanted: "it" };
    });
    const { ready } = await lookAtReadiness(connections, [meeting, meeting]);
    expect(ready).to.equal(true);
  });
});

describe("how long a failover would take", () => {
  const past = (startedAt: number, ms: number, outcome: "done" | "undone" = "done"): PastExecution => ({
    ...{ runbook: "failover", startedAt, finished: { outcome } },
    settled: [
      { step: "take-the-role", ms },
      { step: "promote-database", ms: 200 },
      { step: "replay-journal", ms: 100 },
      { step: "promote-cache", ms: 250 },
      { step: "open", ms: 10 },
      { step: "pin-old-endpoint", ms: 5_000 },
    ],
  });

  it("is the longest way through the phases of the last failover, up to the opening", () => {
    expect(estimateRecovery([past(1, 40)], 30)).to.deep.equal({
      ...{ detectionSeconds: 30, recoverySeconds: 0.35, source: "the last failover" },
    });
  });
  it("is the median of the last five, of failovers that came to their end", () => {
    const others = [{ ...past(9, 9_000), runbook: "switchover" }, past(10, 9_000, "undone")];
    const five = [50, 10, 30, 20, 40].map((ms, index) => past(index + 2, ms));
    const { recoverySeconds, source } = estimateRecovery([past(1, 9_000), ...five, ...others], null);
    expect(recoverySeconds).to.be.closeTo(0.34, 1e-9);
    expect(source).to.contain("last 5");
  });
  it("is between the two in the middle of an even number", () => {
    expect(estimateRecovery([past(1, 10), past(2, 30)], null).recoverySeconds).to.be.closeTo(0.33, 1e-9);
  });
  it("is what AWS publishes of its part, without a failover to go by", () => {
    const { recoverySeconds, source } = estimateRecovery([], 30);
    // The database and the cache are promoted beside each other.
    expect(recoverySeconds).to.equal(120);
    expect(source).to.match(/no failover has been run.*Aurora.*ElastiCache/);
  });
});

describe("what a takeover would lose", () => {
  const ends = (seq: number) => new Map([["BTCUSDT", seq]]);
  it("is nothing in paired", () => {
    expect(judgeExposure({ mode: "paired" })).to.include({ commands: 0 });
  });
  it("is what the peer lacks in solo", () => {
    const lost = judgeExposure({ mode: "solo", accepted: ends(9), held: ends(4) });
    expect(lost).to.deep.equal({ commands: 5, told: "5 of BTCUSDT: solo" });
  });
  it("is unknown, and not nothing, when it cannot be counted", () => {
    expect(judgeExposure({ unreachable: "no answer" })).to.deep.equal({
      commands: null,
      told: "unknown: no answer",
    });
  });
  it("is told in time, where CloudWatch still tells what the databases do not", () => {
    const lag = { value: 212.4, secondsAgo: 75 };
    expect(judgeExposure({ unreachable: "no answer", lag }).told).to.equal(
      "unknown: no answer; CloudWatch told 212 ms of replication lag 1 min 15 s ago",
    );
  });
});

describe("readiness in words", () => {
  it("says in its first lines whether, how long and how much", () => {
    expect(tellReadiness(readiness()).slice(0, 3)).to.deep.equal([
      "READY  eu-central-1 takes over from eu-west-1; epoch 4, paired for 1 min 30 s (looked for 120 ms)",
      "  would take  about 32 s: 30 s until the edge notices, 1.5 s to recover (the last failover)",
      "  would lose  nothing that was acknowledged: paired",
    ]);
  });
  it("says of what does not hold what is wanted, why, and how to mend it", () => {
    const bad = check({ outcome: "fails", found: "solo for 3.0 s" });
    const [headline, ...lines] = tellReadiness(readiness({ ready: false, holds: false, checks: [bad] }));
    expect(headline).to.match(/^NOT READY .*; 1 failing/);
    expect(lines.join("\n")).to.match(
      /FAILS +mode +solo for 3\.0 s\n.*wanted: paired\n.*why: Because.*\n.*mend: Mend/,
    );
  });
  it("does not call a warning a failure, nor ready without saying so", () => {
    const warning = check({ outcome: "fails", severity: "warns" });
    const lines = tellReadiness(readiness({ holds: false, checks: [warning] }));
    expect(lines[0]).to.match(/^READY, 1 of the checks warn/);
    expect(lines.join("\n")).to.match(/\nwarns +mode/);
  });
  it("tells spans as people do", () => {
    expect([1.24, 48, 185, 7_800, 273_600].map(tellSpan)).to.deep.equal([
      "1.2 s",
      "48 s",
      "3 min 5 s",
      "2 h 10 min",
      "3 d 4 h",
    ]);
  });
  it("tells the checks that came to another outcome, all at first, none when only figures moved", () => {
    const [one, other] = [check({ name: "one" }), check({ name: "other" })];
    const before = readiness({ checks: [one, other] });
    const now = readiness({
      checks: [
        { ...one, found: "else" },
        { ...other, outcome: "fails" },
      ],
    });
    expect(changedChecks(now, before).map(({ name }) => name)).to.deep.equal(["other"]);
    expect(changedChecks(now, null)).to.have.length(2);
    expect(changedChecks(before, now).map(({ name }) => name)).to.deep.equal(["other"]);
  });
});

describe("readiness as metrics", () => {
  const lines = async (metrics: ReadinessMetrics): Promise<string[]> =>
    (await metrics.registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));

  it("holds one series for each check that is configured, and every figure that was measured", async () => {
    const metrics = new ReadinessMetrics();
    metrics.show(
      readiness({
        checks: [
          check({ figures: { castle_paired_seconds: 90, castle_cache_lag_bytes: 0 } }),
          check({ name: "journal", outcome: "unknown" }),
          check({ name: "quotas", severity: "warns", outcome: "not-configured" }),
        ],
      }),
    );
    expect(await lines(metrics)).to.have.members([
      "castle_ready 1",
      'castle_readiness_check{check="mode",severity="blocks"} 1',
      'castle_readiness_check{check="journal",severity="blocks"} 0',
      'castle_mode{mode="paired"} 1',
      'castle_mode{mode="solo"} 0',
      "castle_epoch 4",
      'castle_recovery_estimate_seconds{part="recovery"} 1.5',
      'castle_recovery_estimate_seconds{part="detection"} 30',
      "castle_exposure_commands 0",
      "castle_readiness_timestamp_seconds 1000",
      "castle_readiness_look_seconds 0.12",
      "castle_paired_seconds 90",
      "castle_cache_lag_bytes 0",
    ]);
  });

  it("forgets what the last look could not see, so that an old value never looks like a new one", async () => {
    const metrics = new ReadinessMetrics();
    metrics.show(readiness({ checks: [check({ figures: { castle_paired_seconds: 90 } })] }));
    metrics.show(
      readiness({
        ready: false,
        role: null,
        exposure: { commands: null, told: "unknown" },
        checks: [check({ outcome: "unknown" })],
      }),
    );
    const told = (await lines(metrics)).join("\n");
    expect(told).to.contain("castle_ready 0");
    expect(told).not.to.match(/castle_(paired_seconds|mode|epoch|exposure_commands)/);
  });
});
