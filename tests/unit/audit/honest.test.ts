import { isClean } from "@castle/lab/audit/findings.ts";
import { expect } from "chai";
import { World } from "./support/world.ts";

describe("audit of a platform on which all went well", () => {
  it("finds nothing, and says how many of each thing it looked at", async () => {
    const audit = await new World({ commands: 600 }).audit();
    expect(audit.examples).to.deep.equal([]);
    expect(isClean(audit)).to.equal(true);
    expect(Object.keys(audit.checked)).to.have.members([
      "commands",
      "outcomes",
      "trades",
      "orders",
      "postings",
      "balances",
      "acknowledgements",
      "order states told",
      "fills told",
      "depth events",
      "depth snapshots",
    ]);
    expect(audit.checked["commands"]).to.be.greaterThan(600);
  });

  for (const kind of ["acknowledgements", "orders", "fills", "depthEvents", "depthSnapshots"] as const)
    it(`is not clean when it was told no ${kind}: an audit of nothing proves nothing`, async () => {
      const world = new World({ commands: 100 });
      world.told[kind].length = 0;
      expect(isClean(await world.audit())).to.equal(false);
    });
});
