import { expect } from "chai";
import fc from "fast-check";
import { memberInstances } from "../../../../infra/cell/database/member-instances.ts";

const ZONES = ["a", "b", "c"];

describe("the instances of a member", () => {
  it("are spread so that no zone has two more than another", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 15 }), (count) => {
        const perZone = ZONES.map(
          (zone) => memberInstances(count, ZONES).filter((instance) => instance.zone === zone).length,
        );
        expect(Math.max(...perZone) - Math.min(...perZone)).to.be.at.most(1);
      }),
    );
  });

  it("have a second one that is promoted as soon as the first", () => {
    expect(memberInstances(3, ZONES).map(({ promotionTier }) => promotionTier)).to.deep.equal([0, 0, 1]);
  });

  it("are refused in a region without zones, by what to mend", () => {
    expect(() => memberInstances(1, [])).to.throw("regions/catalogue.ts");
  });
});
