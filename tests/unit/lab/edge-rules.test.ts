import { type EndpointGroup, pick, route } from "@castle/lab/edge/rules.ts";
import { homeRegion, peerRegion, type RegionName, witnessRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import fc from "fast-check";

const group = (region: RegionName, healthy: boolean, { dial = 100, weight = 128 } = {}): EndpointGroup => ({
  ...{ region, dial },
  endpoint: { weight, healthy },
});

const [home, peer, third] = [homeRegion, peerRegion, witnessRegion];

describe("the edge's choice of a region", () => {
  it("is the nearest when all are healthy", () => {
    expect(route([group(home, true), group(peer, true)])).to.deep.equal([
      { region: home, share: 1, how: "dialled" },
    ]);
  });

  it("sends on what a dial turns away to the next nearest", () => {
    expect(route([group(home, true, { dial: 75 }), group(peer, true)])).to.deep.equal([
      { region: home, share: 0.75, how: "dialled" },
      { region: peer, share: 0.25, how: "dialled" },
    ]);
  });

  it("applies each dial only to the traffic that would come to its group", () => {
    const shares = route([
      group(home, true, { dial: 50 }),
      group(peer, true, { dial: 50 }),
      group(third, true),
    ]);
    expect(shares.map(({ share }) => share)).to.deep.equal([0.5, 0.25, 0.25]);
  });

  it("takes nobody at a dial of 0", () => {
    expect(route([group(home, true, { dial: 0 }), group(peer, true)])).to.deep.equal([
      { region: peer, share: 1, how: "dialled" },
    ]);
  });

  it("gives what every dial turns away to the nearest with a dial above 0", () => {
    const shares = route([group(home, true, { dial: 0 }), group(peer, true, { dial: 40 })]);
    expect(shares).to.deep.equal([{ region: peer, share: 1, how: "dialled" }]);
  });

  it("fails over to a healthy region although its dial is 0", () => {
    expect(route([group(home, false), group(peer, true, { dial: 0 })])).to.deep.equal([
      { region: peer, share: 1, how: "failover" },
    ]);
  });

  it("fails over to the nearest that is healthy, not the next in the list", () => {
    expect(route([group(home, false), group(peer, false), group(third, true)])).to.deep.equal([
      { region: third, share: 1, how: "failover" },
    ]);
  });

  it("moves the share of one unhealthy region only", () => {
    const shares = route([group(home, true, { dial: 60 }), group(peer, false)]);
    expect(shares).to.have.length(1);
    expect(shares[0]).to.include({ region: home, share: 1 });
  });

  it("keeps a healthy endpoint of weight 0 out", () => {
    expect(route([group(home, true, { weight: 0 }), group(peer, true)])).to.deep.equal([
      { region: peer, share: 1, how: "failover" },
    ]);
  });

  it("fails open to the nearest when nothing is healthy, whatever its dial", () => {
    expect(route([group(home, false, { dial: 0 }), group(peer, false)])).to.deep.equal([
      { region: home, share: 1, how: "fail-open" },
    ]);
  });

  it("does not fail open to weight 0", () => {
    expect(route([group(home, false, { weight: 0 }), group(peer, false)])).to.deep.equal([
      { region: peer, share: 1, how: "fail-open" },
    ]);
    expect(route([group(home, true, { weight: 0 }), group(peer, false)])).to.deep.equal([
      { region: peer, share: 1, how: "fail-open" },
    ]);
  });

  it("is nobody when every weight is 0", () => {
    expect(route([group(home, true, { weight: 0 }), group(peer, true, { weight: 0 })])).to.deep.equal([]);
    expect(pick([], 0.5)).to.equal(null);
  });

  const anyGroup = (region: RegionName) =>
    fc.record({
      region: fc.constant(region),
      dial: fc.integer({ min: 0, max: 100 }),
      endpoint: fc.record({ weight: fc.constantFrom(0, 1, 128, 255), healthy: fc.boolean() }),
    });
  const anyGroups = fc.tuple(anyGroup(home), anyGroup(peer), anyGroup(third));

  it("always gives away all of the traffic, and each region once", () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const shares = route(groups);
        if (groups.every(({ endpoint }) => endpoint.weight === 0)) return shares.length === 0;
        const sum = shares.reduce((total, { share }) => total + share, 0);
        const regions = new Set(shares.map(({ region }) => region));
        return Math.abs(sum - 1) < 1e-9 && regions.size === shares.length;
      }),
    );
  });

  it("never sends anyone to an unhealthy endpoint while a healthy one could take them", () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const usable = groups.filter(({ endpoint }) => endpoint.healthy && endpoint.weight > 0);
        fc.pre(usable.length > 0);
        return route(groups).every(({ region }) => usable.some((group) => group.region === region));
      }),
    );
  });

  it("picks each region as often as its share says", () => {
    const shares = route([group(home, true, { dial: 75 }), group(peer, true)]);
    const points = Array.from({ length: 100 }, (_, n) => n / 100);
    expect(points.filter((point) => pick(shares, point) === home)).to.have.length(75);
    expect(pick(shares, 0.999_999)).to.equal(peer);
  });
});
