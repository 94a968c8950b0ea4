import { columns } from "@castle/dr-runbooks/report/chart/columns.ts";
import { type Flag, placeFlags } from "@castle/dr-runbooks/report/chart/lanes.ts";
import { areaPath, linePath } from "@castle/dr-runbooks/report/chart/paths.ts";
import { decades, linear, roundStep } from "@castle/dr-runbooks/report/chart/scale.ts";
import type { TimelinePoint } from "@castle/dr-runbooks/report/report.ts";
import { expect } from "chai";
import fc from "fast-check";

const point = (t: number, acknowledged: number, p99: number | null = null): TimelinePoint => ({
  t,
  sent: 0,
  acknowledged,
  refused: 0,
  answered: 0,
  errors: 0,
  p50: p99 === null ? null : p99 / 2,
  p99,
});

describe("scales of a picture", () => {
  it("puts round ticks on a linear axis, inside its domain", () => {
    expect(linear([0, 540], [100, 0], 3).ticks).to.deep.equal([0, 200, 400]);
    expect(linear([-240, 1_150], [0, 100], 5).ticks.map(Math.abs)).to.deep.equal([0, 500, 1_000]);
    expect(linear([900, 2_300], [0, 100], 3, 1_030).ticks).to.deep.equal([1_030, 1_530, 2_030]);
  });

  it("maps the ends of the domain to the ends of the range", () => {
    const y = linear([0, 500], [100, 0], 3);
    expect([y(0), y(250), y(500)]).to.deep.equal([100, 50, 0]);
  });

  it("always finds a step of 1, 2 or 5 that is large enough, and not much too large", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), (least) => {
        const step = roundStep(least);
        expect(step)
          .to.be.at.least(least * (1 - 1e-9))
          .and.at.most(least * 2.5 * (1 + 1e-9));
      }),
    );
  });

  it("gives every decade the same height, and keeps what is too small on the edge", () => {
    const y = decades([8, 300], [90, 0]);
    expect(y.ticks).to.deep.equal([1, 10, 100, 1_000]);
    expect([y(0), y(1), y(10), y(100), y(1_000)]).to.deep.equal([90, 90, 60, 30, 0]);
  });
});

describe("columns of a picture", () => {
  const timeline = (points: TimelinePoint[]) => ({ bucketMs: 100, points });

  it("turns counts into rates, and draws missing buckets as silence", () => {
    const drawn = columns(timeline([point(0, 50, 20), point(200, 10, 30)]), 0, 300, 10);
    expect(drawn.map(({ answersPerSecond }) => answersPerSecond)).to.deep.equal([500, 0, 100]);
    expect(drawn.map(({ p99 }) => p99)).to.deep.equal([20, null, 30]);
  });

  it("takes buckets together when there are too many, keeping the worst p99 and every answer", () => {
    const points = Array.from({ length: 95 }, (_, i) => point(i * 100, i, i));
    const drawn = columns(timeline(points), 0, 9_500, 10);
    expect(drawn).to.have.length(10);
    expect(drawn[0]?.p99).to.equal(9);
    const counted = drawn.reduce((sum, { answersPerSecond }) => sum + answersPerSecond, 0);
    expect(Math.round(counted)).to.equal((94 * 95) / 2);
  });

  it("breaks the line where nothing was answered", () => {
    const drawn = columns(timeline([point(0, 1, 10), point(100, 1, 10), point(300, 1, 10)]), 0, 400, 10);
    const x = linear([0, 400], [0, 400], 4);
    const y = linear([0, 10], [10, 0], 2);
    expect(linePath(drawn, ({ p99 }) => p99, x, y)).to.equal("M50,0L150,0M350,0h0.1");
    expect(areaPath(drawn, ({ p99 }) => p99, x, y)).to.equal("M0,10V0H100V0H200V10ZM300,10V0H400V10Z");
  });
});

describe("flags of a picture", () => {
  const flag = (x: number, label: string): Flag => ({ x, label, kind: "fault" });

  it("lets no label cover another", () => {
    const labels = fc.array(
      fc.record({ x: fc.integer({ min: 0, max: 1_000 }), label: fc.string({ maxLength: 30 }) }),
    );
    fc.assert(
      fc.property(labels, (list) => {
        const placed = placeFlags(
          list.map(({ x, label }) => flag(x, label)),
          1_060,
        );
        const spans = placed.map(({ x, label, anchor, lane }) => {
          const width = label.length * 6.1;
          return { lane, from: anchor === "start" ? x : x - width, to: anchor === "start" ? x + width : x };
        });
        for (const [i, a] of spans.entries())
          for (const b of spans.slice(i + 1))
            expect(a.lane !== b.lane || a.to <= b.from || b.to <= a.from).to.equal(true);
      }),
    );
  });

  it("keeps one lane when there is room, and turns labels at the right edge inward", () => {
    const placed = placeFlags([flag(10, "eu-west-1 killed"), flag(1_000, "switchover: 860 ms")], 1_060);
    expect(placed.map(({ lane }) => lane)).to.deep.equal([0, 0]);
    expect(placed.find(({ x }) => x === 1_000)?.anchor).to.equal("end");
  });
});
