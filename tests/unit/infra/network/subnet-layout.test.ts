import { cellRegions, regionNames, regions } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import fc from "fast-check";
import {
  type Cidr,
  fill,
  formatCidr,
  overlap,
  parseCidr,
  sizeOf,
  within,
} from "../../../../infra/cell/network/cidr.ts";
import { layOutSubnets, type SubnetLayout } from "../../../../infra/cell/network/subnet-layout.ts";

/** Ranges that a VPC of ours may have. */
const vpcs = fc
  .tuple(fc.integer({ min: 16, max: 19 }), fc.nat({ max: 2 ** 20 }))
  .map(([prefix, n]) => ({ first: (n % 2 ** prefix) * sizeOf({ prefix }), prefix }));

const tiersOf = ({ public: open, private: inner, data }: SubnetLayout) => [open, inner, data];
const everyRange = (layout: SubnetLayout): Cidr[] =>
  [...tiersOf(layout), ...layout.unused].flat().map(parseCidr);

describe("the layout of subnets", () => {
  it("gives every address of the VPC once: to a tier, or to what is kept for later", () => {
    fc.assert(
      fc.property(vpcs, (vpc) => {
        const ranges = everyRange(layOutSubnets(formatCidr(vpc))).sort((a, b) => a.first - b.first);
        let next = vpc.first;
        for (const range of ranges) {
          expect(range.first).to.equal(next);
          next += sizeOf(range);
        }
        expect(next).to.equal(vpc.first + sizeOf(vpc));
      }),
    );
  });

  it("keeps subnets apart, inside the VPC, and each beginning at a multiple of its size", () => {
    fc.assert(
      fc.property(vpcs, (vpc) => {
        const ranges = tiersOf(layOutSubnets(formatCidr(vpc)))
          .flat()
          .map(parseCidr);
        for (const range of ranges) {
          expect(within(vpc, range)).to.equal(true);
          for (const other of ranges) if (other !== range) expect(overlap(range, other)).to.equal(false);
        }
      }),
    );
  });

  it("leaves a fourth share free, as large as a zone's, and a third of each zone's", () => {
    fc.assert(
      fc.property(vpcs, (vpc) => {
        const { unused } = layOutSubnets(formatCidr(vpc));
        const free = unused.flat().map(parseCidr);
        const fourth = { first: vpc.first + sizeOf(vpc) * 0.75, prefix: vpc.prefix + 2 };
        expect(free.some((range) => within(range, fourth))).to.equal(true);
        for (const zone of [0, 1, 2]) {
          const share = { first: vpc.first + (zone * sizeOf(vpc)) / 4, prefix: vpc.prefix + 2 };
          const inZone = free
            .filter((range) => within(share, range))
            .reduce((sum, range) => sum + sizeOf(range), 0);
          expect(inZone).to.be.above(sizeOf(share) / 3);
        }
      }),
    );
  });

  it("has as many pieces in each zone, in the order of addresses, as awsx's exact strategy wants them", () => {
    fc.assert(
      fc.property(vpcs, (vpc) => {
        const layout = layOutSubnets(formatCidr(vpc));
        const specs = [layout.private, layout.data, layout.public, ...layout.unused];
        for (const ranges of specs) expect(ranges).to.have.lengthOf(3);
        const byZone = [0, 1, 2].flatMap((zone) =>
          specs.map((ranges) => parseCidr(ranges[zone] ?? "").first),
        );
        expect(byZone).to.deep.equal([...byZone].sort((a, b) => a - b));
      }),
    );
  });

  it("suits each tier: thousands of pods, tens of databases, a load balancer's /27", () => {
    for (const cidr of ["10.10.0.0/16", "10.40.0.0/19"]) {
      const [open, inner, data] = tiersOf(layOutSubnets(cidr)).map((ranges) =>
        sizeOf(parseCidr(ranges[0] ?? "")),
      );
      expect(inner).to.be.at.least(16 * Number(data));
      expect(data).to.be.above(Number(open));
      expect(open).to.be.at.least(32);
    }
  });

  // A subnet whose range changes is replaced, and every database in it.
  it("of the home region never changes", () => {
    const { private: inner, data, public: open } = layOutSubnets(regions["eu-west-1"].cidr);
    expect({ inner, data, open }).to.deep.equal({
      inner: ["10.10.0.0/19", "10.10.64.0/19", "10.10.128.0/19"],
      data: ["10.10.32.0/23", "10.10.96.0/23", "10.10.160.0/23"],
      open: ["10.10.34.0/24", "10.10.98.0/24", "10.10.162.0/24"],
    });
  });

  it("of the two cells never meet", () => {
    const [home, peer] = cellRegions.map((region) => everyRange(layOutSubnets(regions[region].cidr)));
    for (const a of home ?? []) for (const b of peer ?? []) expect(overlap(a, b)).to.equal(false);
  });

  for (const [cidr, because] of [
    ["10.0.0.0/15", "a VPC of /15"],
    ["10.0.0.0/20", "a VPC of /20"],
    ["10.0.1.0/16", "does not begin at a multiple of its size"],
    ["10.0.0/16", "is no IPv4 range"],
    ["10.0.0.256/19", "is no IPv4 range"],
    ["10.0.0.0/33", "is no IPv4 range"],
  ] as const)
    it(`refuses ${cidr}`, () => {
      expect(() => layOutSubnets(cidr)).to.throw(because);
    });
});

describe("an address range", () => {
  it("is written as it was read", () => {
    fc.assert(
      fc.property(vpcs, (range) => {
        expect(parseCidr(formatCidr(range))).to.deep.equal(range);
      }),
    );
    for (const name of regionNames)
      expect(formatCidr(parseCidr(regions[name].cidr))).to.equal(regions[name].cidr);
  });

  it("is filled by the fewest aligned ranges", () => {
    expect(fill(10_240, 16_384).map(formatCidr)).to.deep.equal(["0.0.40.0/21", "0.0.48.0/20"]);
    expect(fill(0, 2 ** 32)).to.deep.equal([{ first: 0, prefix: 0 }]);
    expect(fill(5, 5)).to.deep.equal([]);
  });
});
