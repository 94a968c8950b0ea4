import { fails } from "@castle/dr-runbooks/report/findings.ts";
import type { Audit, Report } from "@castle/dr-runbooks/report/report.ts";
import { checksOf, type Judged } from "@castle/lab/drill/checks.ts";
import { limits } from "@castle/lab/drill/limits.ts";
import { expect } from "chai";
import { exampleReport } from "../report/example-report.ts";

const passing = (): Judged => ({
  report: exampleReport(),
  stopped: null,
  unreadable: [],
  promises: {
    handovers: ["failover", "switchover"],
    errors: true,
    replays: true,
    ends: { activeRegion: "eu-west-1", mode: "paired" },
  },
  held: { labUp: null, steady: null, handovers: [null, null], story: null },
  ending: { activeRegion: "eu-west-1", mode: "paired" },
});

const failed = (judged: Judged): string[] =>
  checksOf(judged)
    .filter(fails)
    .map(({ name }) => name);

const withReport = (change: (report: Report) => Partial<Report>): Judged => {
  const judged = passing();
  return { ...judged, report: { ...judged.report, ...change(exampleReport()) } };
};

const withAudit = (change: Partial<Audit>): Judged =>
  withReport(({ audit }) => ({ audit: { ...audit, ...change } }));

const withHandovers = (change: Partial<Report["handovers"][number]>): Judged =>
  withReport(({ handovers }) => ({ handovers: handovers.map((handover) => ({ ...handover, ...change })) }));

const withSteady = (change: Partial<Report["load"]["steady"][number]>): Judged =>
  withReport(({ load }) => ({
    load: { ...load, steady: load.steady.map((phase) => ({ ...phase, ...change })) },
  }));

describe("checks of a drill", () => {
  it("all hold in a good drill", () => expect(failed(passing())).to.deep.equal([]));

  const failures: [string, string[], Judged][] = [
    ["an acknowledged command is lost", ["Lost acknowledgements"], withAudit({ lostAcknowledged: 1 })],
    ["an effect happens twice", ["Duplicated effects"], withAudit({ duplicatedEffects: 1 })],
    ["a trader is contradicted", ["Contradictions"], withAudit({ contradicted: 1 })],
    ["a stale cell acknowledges", ["Stale acknowledgements"], withAudit({ staleEpochAcknowledged: 1 })],
    ["a stream has a gap", ["Gaps in seq"], withAudit({ seqGaps: 1 })],
    ["money is not conserved", ["Money conserved"], withAudit({ conserved: false })],
    ["a balance is negative", ["Negative balances"], withAudit({ negativeBalances: 1 })],
    ["the audit saw nothing", ["Everything was really looked at"], withAudit({ checked: {} })],
    [
      "the audit saw none of one thing",
      ["Everything was really looked at"],
      withAudit({ checked: { acknowledgements: 100, fills: 0 } }),
    ],
    [
      "a handover is missing",
      ["Handovers"],
      withReport(({ handovers }) => ({ handovers: handovers.slice(0, 1) })),
    ],
    [
      "a trader is not served again",
      ["Traders served again after the failover", "Traders served again after the switchover"],
      withHandovers({ traders: { count: 100, back: 99, p50Ms: 1, maxMs: 2 } }),
    ],
    [
      "nobody tried to trade after a handover",
      ["Traders served again after the failover", "Traders served again after the switchover"],
      withHandovers({ traders: { count: 0, back: 0, p50Ms: null, maxMs: null } }),
    ],
    [
      "a record was altered",
      ["Records of the handovers"],
      withReport(({ handovers: [first, ...rest] }) => ({
        handovers: first?.evidence
          ? [{ ...first, evidence: { ...first.evidence, holds: false } }, ...rest]
          : [],
      })),
    ],
    ["a record cannot be read", ["Records of the handovers"], withHandovers({ evidence: null })],
    ["the story stops half-way", ["The story"], { ...passing(), stopped: "waited 15 s in vain" }],
    [
      "nobody knows what became of a command",
      ["Commands whose fate nobody could learn"],
      withReport(({ load }) => ({ load: { ...load, unresolved: 1 } })),
    ],
    [
      "an answer makes no sense",
      ["Answers that nobody could read"],
      { ...passing(), unreadable: ["HTTP 200 <html>"] },
    ],
    [
      "nobody noticed the fault",
      ["Traders noticed the fault"],
      withReport(({ load }) => ({ load: { ...load, errors: 0 } })),
    ],
    [
      "nothing had to be replayed",
      ["Commands brought back out of the journal"],
      withHandovers({ replayed: 0 }),
    ],
    [
      "the regions do not pair again",
      ["At the end"],
      { ...passing(), ending: { activeRegion: "eu-west-1", mode: "solo" } },
    ],
    [
      "the wrong region is active",
      ["At the end"],
      { ...passing(), ending: { activeRegion: "eu-central-1", mode: "paired" } },
    ],
    ["steady load meets errors", ["Errors in the steady phases"], withSteady({ errors: 100 })],
    [
      "there was no steady load",
      ["Errors in the steady phases", "Answers in the steady phases"],
      withReport(({ load }) => ({ load: { ...load, steady: [] } })),
    ],
    ["fewer answers than requests", ["Answers in the steady phases"], withSteady({ acknowledged: 100 })],
    [
      "p99 is at its limit",
      ["p99 in the steady phases"],
      withReport(({ load }) => ({
        load: { ...load, latencyMs: { p50: 1, p95: 1, p99: limits.p99Ms, max: limits.p99Ms } },
      })),
    ],
    [
      "nothing was acknowledged",
      ["p99 in the steady phases"],
      withReport(({ load }) => ({ load: { ...load, latencyMs: null } })),
    ],
    [
      "the switchover takes as long as a failover may",
      ["No acknowledgement during the switchover"],
      withHandovers({ clientGapMs: 2_000 }),
    ],
    [
      "both handovers take too long",
      ["No acknowledgement during the failover", "No acknowledgement during the switchover"],
      withHandovers({ clientGapMs: 4_000 }),
    ],
    ["the lab is slow to start", ["Both cells ready"], withReport(() => ({ labUpMs: 15_000 }))],
    [
      "the lab is too large",
      ["Memory of the whole lab"],
      withReport(() => ({ memory: { peakBytes: 2.5 * 2 ** 30 } })),
    ],
    [
      "the lab was not measured",
      ["Memory of the whole lab"],
      withReport(() => ({ memory: { peakBytes: 0 } })),
    ],
  ];
  for (const [what, wanted, judged] of failures)
    it(`fail when ${what}`, () => expect(failed(judged)).to.deep.equal(wanted));

  it("can each fail", () => {
    const known = checksOf(passing()).map(({ name }) => name);
    const seen = new Set(failures.flatMap(([, , judged]) => failed(judged)));
    expect(known.filter((name) => !seen.has(name))).to.deep.equal([]);
  });

  it("judge truth but not speed when speed is not asked for", () => {
    const slow = withReport((report) => ({
      options: { ...report.options, judgeSpeed: false },
      labUpMs: 60_000,
      load: { ...report.load, latencyMs: { p50: 900, p95: 900, p99: 900, max: 900 } },
      audit: { ...report.audit, seqGaps: 1 },
    }));
    expect(failed(slow)).to.deep.equal(["Gaps in seq"]);
  });

  describe("on a machine that something other than Castle held", () => {
    const reason = "other processes used 34 % of the machine (at most 10 %), Castle used 51 %";
    const slow = withReport((report) => ({
      labUpMs: 60_000,
      load: {
        ...report.load,
        latencyMs: { p50: 900, p95: 900, p99: 900, max: 900 },
        steady: report.load.steady.map((phase) => ({ ...phase, acknowledged: 100 })),
      },
      handovers: report.handovers.map((handover) => ({ ...handover, clientGapMs: 20_000 })),
    }));
    const unjudged = (judged: Judged): string[] =>
      checksOf(judged)
        .filter((check) => !check.judged)
        .map(({ name }) => name);
    const speed = {
      steady: ["Answers in the steady phases", "p99 in the steady phases"],
      failover: "No acknowledgement during the failover",
      switchover: "No acknowledgement during the switchover",
      labUp: "Both cells ready",
    };
    const all = [...speed.steady, speed.failover, speed.switchover, speed.labUp];

    it("do not count figures of speed, and tell why, with the figure itself", () => {
      const held = {
        ...slow,
        held: { labUp: reason, steady: reason, handovers: [reason, reason], story: reason },
      };
      expect(failed(held)).to.deep.equal([]);
      expect(unjudged(held)).to.deep.equal(all);
      const p99 = checksOf(held).find(({ name }) => name === "p99 in the steady phases");
      expect(p99).to.include({ found: "900 ms", judged: false, ok: false, reason });
    });

    it("do not count a figure that would have held, either", () =>
      expect(unjudged({ ...passing(), held: { ...passing().held, steady: reason } })).to.deep.equal(
        speed.steady,
      ));

    it("count every figure that was taken while it held nothing", () => {
      const during = (held: Partial<Judged["held"]>) => ({ ...slow, held: { ...slow.held, ...held } });
      const but = (...names: string[]) => all.filter((name) => !names.includes(name));
      expect(failed(during({ steady: reason }))).to.deep.equal(but(...speed.steady));
      expect(failed(during({ handovers: [reason, null] }))).to.deep.equal(but(speed.failover));
      expect(failed(during({ handovers: [null, reason] }))).to.deep.equal(but(speed.switchover));
      expect(failed(during({ labUp: reason }))).to.deep.equal(but(speed.labUp));
    });

    it("count all of them when nothing but Castle filled it", () => expect(failed(slow)).to.deep.equal(all));

    it("count a story that could not be played, and tell who held the machine", () => {
      const held = { ...passing().held, story: reason };
      const story = (judged: Judged) => checksOf(judged).find(({ name }) => name === "The story");
      expect(story({ ...passing(), held, stopped: "waited 30 s" })).to.include({
        ...{ ok: false, judged: true, found: `waited 30 s; meanwhile ${reason}` },
      });
      expect(story({ ...passing(), held })).to.include({ ok: true, found: "played to its end" });
    });

    it("always count what is true or false", () => {
      const held = { labUp: reason, steady: reason, handovers: [reason, reason], story: reason };
      const names = new Set<string>();
      for (const [, wanted, judged] of failures)
        for (const name of wanted) {
          if (all.includes(name)) continue;
          names.add(name);
          expect(failed({ ...judged, held }), name).to.include(name);
        }
      expect([...names]).to.have.length(checksOf(passing()).length - all.length);
    });
  });
});
