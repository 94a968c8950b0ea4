import { latencyOf } from "@castle/lab/traders/latency.ts";
import type { RequestSample } from "@castle/lab/traders/records.ts";
import { figuresOf, longestGap, returnsOf } from "@castle/lab/traders/windows.ts";
import { expect } from "chai";

const sample = (due: number, more: Partial<RequestSample> = {}): RequestSample => ({
  due,
  done: due + 10,
  accountId: 1,
  command: true,
  end: "acknowledged",
  stumbled: false,
  ...more,
});

describe("the longest gap without an acknowledgement", () => {
  const window = { from: 100, to: 200 };
  const cases: readonly [string, readonly number[], { from: number; to: number; ms: number }][] = [
    ["inside the window", [90, 110, 150, 160, 210], { from: 160, to: 210, ms: 50 }],
    ["that began before it", [40, 130, 150, 170, 190], { from: 40, to: 130, ms: 90 }],
    ["that ends after it", [110, 120, 190, 400], { from: 190, to: 400, ms: 210 }],
    ["as long as the window when nothing came at all", [], { from: 100, to: 200, ms: 100 }],
    [
      "from the window's start when nothing came before",
      [160, 170, 180, 195],
      { from: 100, to: 160, ms: 60 },
    ],
    ["up to the window's end when nothing came after", [110, 120], { from: 120, to: 200, ms: 80 }],
    [
      "none of those that lie outside",
      [0, 99, 100, 110, 130, 150, 170, 190, 201, 900],
      { from: 110, to: 130, ms: 20 },
    ],
  ];
  for (const [what, acknowledgedAt, gap] of cases)
    it(`is found ${what}`, () => {
      expect(longestGap(acknowledgedAt, window)).to.deep.equal(gap);
    });
});

describe("when traders came back", () => {
  it("is each one's first acknowledgement since then", () => {
    const acknowledged = [
      { t: 90, accountId: 1 },
      { t: 120, accountId: 2 },
      { t: 125, accountId: 2 },
      { t: 150, accountId: 1 },
    ];
    expect(returnsOf(acknowledged, 100)).to.deep.equal([20, 50]);
  });
});

describe("the figures of a window", () => {
  const window = { from: 100, to: 200 };

  it("count requests by when they were due, whenever they ended", () => {
    const figures = figuresOf([sample(99), sample(100), sample(199, { done: 900 }), sample(200)], [window]);
    expect(figures).to.include({ sent: 2, acknowledged: 2 });
    expect(figures.latencyMs?.max).to.be.within(700, 702);
  });

  it("count a request in two windows once", () => {
    expect(figuresOf([sample(150)], [window, { from: 140, to: 160 }]).sent).to.equal(1);
  });

  it("take the latency of commands alone, and of those that were answered", () => {
    const figures = figuresOf(
      [
        sample(110),
        sample(120, { command: false, end: "answered", done: 9_000 }),
        sample(130, { end: "lost", stumbled: true, done: 9_000 }),
        sample(140, { end: "rejected", stumbled: true, done: 9_000 }),
        sample(150, { end: "refused", done: 170 }),
      ],
      [window],
    );
    expect(figures).to.include({ sent: 5, acknowledged: 1, refused: 1, answered: 1, errors: 2 });
    expect(figures.latencyMs?.max).to.be.within(20, 20.1);
  });

  it("count a request that stumbled as an error, also when a later attempt was acknowledged", () => {
    expect(figuresOf([sample(110, { stumbled: true })], [window])).to.include({ errors: 1, acknowledged: 1 });
  });

  it("have no latency where nothing was answered: none is not a good one", () => {
    expect(figuresOf([], [window]).latencyMs).to.equal(null);
  });
});

describe("latency percentiles", () => {
  it("are exact to three digits", () => {
    const latency = latencyOf(Array.from({ length: 1_000 }, (_, index) => index + 1));
    expect(latency?.p50).to.be.closeTo(500, 1);
    expect(latency?.p95).to.be.closeTo(950, 1);
    expect(latency?.p99).to.be.closeTo(990, 1);
    expect(latency?.max).to.be.closeTo(1_000, 1);
  });
});
