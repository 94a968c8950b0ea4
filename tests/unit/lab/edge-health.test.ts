import {
  candidates,
  endpointHealthy,
  observe,
  type TargetHealth,
  untested,
} from "@castle/lab/edge/health.ts";
import { expect } from "chai";

const after = (...checks: readonly boolean[]): TargetHealth => checks.reduce(observe, untested);
const healthy = after(true, true);
const unhealthy = after(false);

describe("the health of a target", () => {
  it("begins as not healthy and untested", () => {
    expect(untested).to.include({ healthy: false, tested: false });
    expect(after(false).tested).to.equal(true);
  });

  for (const { checks, is } of [
    { checks: [true], is: false },
    { checks: [true, true], is: true },
    { checks: [true, false, true], is: false },
    { checks: [true, true, false], is: true },
    { checks: [true, true, false, true, false], is: true },
    { checks: [true, true, false, false], is: false },
    { checks: [true, true, false, false, true], is: false },
    { checks: [true, true, false, false, true, true], is: true },
  ])
    it(`is ${is ? "healthy" : "unhealthy"} after ${checks.map((ok) => (ok ? "pass" : "fail")).join(", ")}`, () => {
      expect(after(...checks).healthy).to.equal(is);
    });
});

describe("a load balancer as an endpoint", () => {
  it("is healthy when every target group has a healthy target", () => {
    expect(endpointHealthy([[unhealthy, healthy], [healthy]])).to.equal(true);
  });

  it("is unhealthy when one target group has none", () => {
    expect(endpointHealthy([[healthy, healthy], [unhealthy]])).to.equal(false);
    expect(endpointHealthy([[healthy], []])).to.equal(false);
  });

  it("is unhealthy when it has no target group", () => {
    expect(endpointHealthy([])).to.equal(false);
  });

  it("gives new connections to healthy targets, and to all when none is", () => {
    const [up, down] = [{ health: healthy }, { health: unhealthy }];
    expect(candidates([down, up])).to.deep.equal([up]);
    expect(candidates([down, down])).to.deep.equal([down, down]);
  });
});
