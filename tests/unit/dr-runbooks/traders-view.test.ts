import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { figuresOf, type Reading, readingOf } from "@castle/dr-runbooks/traders/reading.ts";
import { type TradersTold, TradersView } from "@castle/dr-runbooks/traders/traders-view.ts";
import { milliseconds } from "@castle/regions/duration.ts";
import { orderMetrics } from "@castle/services/kernel/health/order-metrics.ts";
import { expect } from "chai";
import client from "prom-client";
import { labTarget } from "./target-of-tests.ts";

/** A gateway's metrics, as prom-client tells them. */
class Counted {
  readonly #registry = new client.Registry();
  readonly answers = new client.Counter({
    ...{ name: orderMetrics.answers, help: "answers", labelNames: ["outcome"], registers: [this.#registry] },
  });
  readonly seconds = new client.Histogram({
    ...{
      name: orderMetrics.seconds,
      help: "seconds",
      buckets: [0.01, 0.05, 0.1],
      registers: [this.#registry],
    },
  });

  acknowledge(count: number, seconds: number): this {
    this.answers.inc({ outcome: "acknowledged" }, count);
    for (let done = 0; done < count; done++) this.seconds.observe(seconds);
    return this;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  async reading(at: number): Promise<Reading> {
    return readingOf(await this.text(), at) ?? expect.fail("no gateway's");
  }
}

describe("what traders met between two readings", () => {
  it("is a rate, whatever was counted before", async () => {
    const gateway = new Counted().acknowledge(1_000, 0.02);
    const before = await gateway.reading(0);
    gateway.acknowledge(300, 0.02).answers.inc({ outcome: "error" }, 10);
    gateway.answers.inc({ outcome: "refused" }, 50);
    gateway.answers.inc({ outcome: "abandoned" }, 2);
    const figures = figuresOf([{ before, after: await gateway.reading(2_000) }]);
    expect(figures).to.include({ acknowledgedPerSecond: 150, errorsPerSecond: 6 });
  });

  it("has the p99 of that time, and not of the time before", async () => {
    const gateway = new Counted().acknowledge(10_000, 0.005);
    const before = await gateway.reading(0);
    gateway.acknowledge(100, 0.07);
    const p99 = figuresOf([{ before, after: await gateway.reading(1_000) }])?.p99Ms;
    expect(p99).to.be.within(50, 100);
  });

  it("has no p99 when nothing was acknowledged: none is not a good one", async () => {
    const gateway = new Counted().acknowledge(5, 0.02);
    const before = await gateway.reading(0);
    expect(figuresOf([{ before, after: await gateway.reading(1_000) }])).to.deep.equal({
      ...{ acknowledgedPerSecond: 0, errorsPerSecond: 0, p99Ms: null },
    });
  });

  it("is of all gateways together", async () => {
    const [one, other] = [new Counted(), new Counted()];
    const before = [await one.reading(0), await other.reading(0)] as const;
    one.acknowledge(99, 0.005);
    other.acknowledge(101, 0.08);
    const spans = [
      { before: before[0], after: await one.reading(1_000) },
      { before: before[1], after: await other.reading(1_000) },
    ];
    const figures = figuresOf(spans) ?? expect.fail();
    expect(figures.acknowledgedPerSecond).to.equal(200);
    expect(figures.p99Ms).to.be.within(90, 100);
  });

  it("begins at zero in a gateway that was started anew", async () => {
    const before = await new Counted().acknowledge(1_000, 0.02).reading(0);
    const after = await new Counted().acknowledge(40, 0.02).reading(1_000);
    const figures = figuresOf([{ before, after }]);
    expect(figures).to.include({ acknowledgedPerSecond: 40 });
    expect(figures?.p99Ms).to.be.within(10, 50);
  });

  it("beyond the last bound is that bound", async () => {
    const gateway = new Counted();
    const before = await gateway.reading(0);
    gateway.acknowledge(10, 9);
    expect(figuresOf([{ before, after: await gateway.reading(1_000) }])?.p99Ms).to.equal(100);
  });

  it("is nothing without a gateway's text", () => {
    expect(readingOf("# HELP nothing\nup 1\n", 0)).to.equal(null);
    expect(figuresOf([])).to.equal(null);
  });
});

describe("the traders' view", () => {
  const gateway = new Counted();
  let silent = false;
  const server: Server = createServer(async (_, response) => {
    if (silent) return;
    response.end(await gateway.text());
  });
  let metrics: string[];
  let view: TradersView | null = null;
  before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    metrics = [`http://localhost:${(server.address() as AddressInfo).port}/metrics`];
  });
  afterEach(() => view?.stop());
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Watches until `enough` was told of what `wanted` names. */
  async function watch(urls: readonly string[] | undefined, wanted: (told: TradersTold) => boolean) {
    const { promise, resolve } = Promise.withResolvers<TradersTold>();
    const target = labTarget();
    const home = { ...target.cells["eu-west-1"], ...(urls ? { metrics: [...urls] } : {}) };
    view = new TradersView({
      target: { cells: { ...target.cells, "eu-west-1": home } },
      ...{ regions: ["eu-west-1"], every: milliseconds(20) },
      tell: (told) => {
        if (wanted(told)) resolve(told);
      },
    });
    const traffic = setInterval(() => gateway.acknowledge(5, 0.02), 5);
    return promise.finally(() => clearInterval(traffic));
  }

  it("tells rate and p99 of a cell, of all addresses of a name", async () => {
    const told = await watch(metrics, ({ acknowledgedPerSecond }) => (acknowledgedPerSecond ?? 0) > 0);
    expect(told).to.include({ kind: "traders", region: "eu-west-1", errorsPerSecond: 0 });
    expect(told.p99Ms).to.be.within(10, 50);
  });

  it("says that no gateway answers, and tells on once one does", async () => {
    silent = true;
    const told = await watch(metrics, ({ because = "" }) => because.startsWith("none"));
    expect(told).to.include({ acknowledgedPerSecond: null, because: "none of its gateways answers" });
    view?.stop();
    silent = false;
    await watch(metrics, ({ acknowledgedPerSecond }) => acknowledgedPerSecond !== null);
  });

  it("says why there is none where the target names no metrics", async () => {
    const told = await watch(undefined, () => true);
    expect(told.because).to.contain("names no metrics");
  });
});
