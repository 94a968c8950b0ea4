import type { TimelinePoint } from "@castle/dr-runbooks/report/report.ts";
import { phasesMs } from "@castle/lab/drill/phases.ts";
import { fullRateAfter, tradersBack } from "@castle/lab/drill/recovery.ts";
import type { RequestSample } from "@castle/lab/traders/records.ts";
import { expect } from "chai";
import fc from "fast-check";

/** A timeline of 100 ms buckets with these numbers of acknowledgements. */
const timeline = (acknowledged: readonly number[]) => ({
  bucketMs: 100,
  points: acknowledged.map(
    (n, i): TimelinePoint => ({
      t: i * 100,
      sent: 50,
      acknowledged: n,
      refused: 0,
      answered: 0,
      errors: 0,
      p50: null,
      p99: null,
    }),
  ),
});

const times = (n: number, value: number): number[] => Array<number>(n).fill(value);

describe("the return of the requested rate", () => {
  const outage = { startMs: 1_000, endMs: 2_000 };

  it("is the start of the first second that holds four fifths of it", () => {
    const slowly = timeline([...times(10, 50), ...times(10, 0), ...times(5, 10), ...times(20, 50)]);
    const at = fullRateAfter(slowly, outage, 5_000, 500);
    expect(at).to.be.within(1_200, 1_500);
  });

  it("is the outage's end when everything is back at once", () => {
    expect(
      fullRateAfter(timeline([...times(10, 50), ...times(10, 0), ...times(20, 50)]), outage, 5_000, 500),
    ).to.equal(1_000);
  });

  it("is nothing when it does not come, or comes too late to last", () => {
    expect(fullRateAfter(timeline([...times(10, 50), ...times(30, 30)]), outage, 9_000, 500)).to.equal(null);
    expect(
      fullRateAfter(timeline([...times(10, 50), ...times(10, 0), ...times(9, 50)]), outage, 9_000, 500),
    ).to.equal(null);
  });

  it("does not take the time before the outage's end for its return", () => {
    expect(fullRateAfter(timeline(times(20, 50)), outage, 9_000, 500)).to.equal(null);
  });
});

describe("the return of the traders", () => {
  const outage = { from: 1_000, to: 2_000 };
  const sample = (
    accountId: number,
    due: number,
    done: number,
    end: RequestSample["end"] = "acknowledged",
  ) => ({
    accountId,
    due,
    done,
    end,
  });

  it("counts each trader's first answer after the outage, from the outage's start", () =>
    expect(
      tradersBack(
        [
          sample(1, 1_100, 2_000),
          sample(1, 1_200, 2_300),
          sample(2, 1_500, 2_400, "refused"),
          sample(3, 2_600, 2_700, "answered"),
        ],
        outage,
      ),
    ).to.deep.equal({ count: 3, back: 3, p50Ms: 1_400, maxMs: 1_700 }));

  it("leaves out who was served before the outage, and asked for nothing since", () =>
    expect(tradersBack([sample(1, 900, 950)], outage)).to.deep.equal({
      count: 0,
      back: 0,
      p50Ms: null,
      maxMs: null,
    }));

  it("leaves out who asked during the outage, in vain, and never again", () =>
    expect(tradersBack([sample(1, 1_100, 1_200, "lost")], outage)).to.include({ count: 0, back: 0 }));

  it("misses who was not served again", () =>
    expect(
      tradersBack(
        [sample(1, 1_100, 2_100), sample(2, 2_100, 2_500, "rejected"), sample(3, 2_100, 9_000, "lost")],
        outage,
      ),
    ).to.include({ count: 3, back: 1 }));
});

describe("phases of a handover", () => {
  it("follow one another from the fault to the traffic's return", () => {
    const cuts = [
      { phase: "detect", endMs: 1_600 },
      { phase: "fence", endMs: 1_750 },
      { phase: "promote", endMs: 2_500 },
    ];
    expect(phasesMs(1_000, cuts, 2_800)).to.deep.equal({
      detect: 600,
      fence: 150,
      promote: 750,
      "traffic returns": 300,
    });
  });

  it("give nothing to what went on behind the traffic's return, or was over before its turn", () => {
    const cuts = [
      { phase: "promote", endMs: 2_000 },
      { phase: "replay", endMs: 1_900 },
      { phase: "open", endMs: 9_000 },
    ];
    expect(phasesMs(1_000, cuts, 2_100)).to.deep.equal({
      promote: 1_000,
      replay: 0,
      open: 100,
      "traffic returns": 0,
    });
  });

  it("always add up to what the traders waited", () => {
    const moment = fc.integer({ min: 0, max: 20_000 });
    const cuts = fc.array(fc.record({ phase: fc.constantFrom("a", "b", "c", "d"), endMs: moment }));
    fc.assert(
      fc.property(moment, moment, cuts, (a, b, list) => {
        const [startMs, backMs] = [Math.min(a, b), Math.max(a, b)];
        const sum = Object.values(phasesMs(startMs, list, backMs)).reduce((total, ms) => total + ms, 0);
        expect(sum).to.be.closeTo(backMs - startMs, 1e-6);
      }),
    );
  });
});
