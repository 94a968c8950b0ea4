import { Figures } from "@castle/lab/traders/figures.ts";
import type { RequestEnd, RequestSample } from "@castle/lab/traders/records.ts";
import { expect } from "chai";

const ended = (due: number, done: number, end: RequestEnd = "acknowledged"): RequestSample => ({
  due,
  done,
  end,
  accountId: 1,
  command: true,
  stumbled: false,
});

describe("the traders' figures", () => {
  it("stand in the bucket in which each thing happened", () => {
    const figures = new Figures(1_000);
    figures.sent(1_010);
    figures.sent(1_150);
    figures.ended(ended(1_010, 1_160));
    figures.stumbled(1_299);
    const counts = figures
      .series(1_300)
      .map(({ t, sent, acknowledged, errors }) => [t, sent, acknowledged, errors]);
    expect(counts).to.deep.equal([
      [1_000, 1, 0, 0],
      [1_100, 1, 1, 0],
      [1_200, 0, 0, 1],
      [1_300, 0, 0, 0],
    ]);
  });

  it("measure latency from when a request was due", () => {
    const figures = new Figures(0);
    for (let n = 1; n <= 100; n++) figures.ended(ended(50 - n / 10, 50));
    const [first] = figures.series(60);
    expect(first?.p50).to.be.closeTo(5, 0.001);
    expect(first?.p99).to.be.closeTo(9.9, 0.001);
    expect(first?.max).to.be.closeTo(10, 0.001);
  });

  it("have no percentiles in a bucket in which nothing ended", () => {
    expect(new Figures(0).series(0)[0]).to.include({ p50: null, p99: null, max: null });
  });

  it("leave what was lost or rejected out of acknowledgements and latencies, and in the totals", () => {
    const figures = new Figures(0);
    figures.ended(ended(0, 5_000, "lost"));
    figures.ended(ended(0, 5_000, "rejected"));
    expect(figures.series(5_000).at(-1)).to.include({ acknowledged: 0, p50: null });
    expect(figures.totals).to.include({ lost: 1, rejected: 1, acknowledged: 0 });
    expect(figures.lastAcknowledgedAt).to.equal(null);
  });

  it("tell the last full second, and when a command was last acknowledged", () => {
    const figures = new Figures(0);
    for (let at = 0; at < 3_000; at += 10) {
      figures.sent(at);
      figures.ended(ended(at, at + 4));
    }
    expect(figures.second(3_050, 7)).to.include({
      t: 2_000,
      sent: 100,
      acknowledged: 100,
      p50: 4,
      pending: 7,
      lastAcknowledgedAt: 2_994,
    });
  });
});
