import { playScenario } from "@castle/lab/drill/drill.ts";
import { expect } from "chai";
import { failed } from "./support/report.ts";
import { sharedLab } from "./support/shared-lab.ts";

describe("the drill, short and without a stop-watch", function () {
  this.timeout(600_000);

  it("loses a region under load, fails over, comes back and switches home: nothing is lost, nothing is twice", async () => {
    const report = await playScenario(
      { scenario: "region-loss", rps: 100, seconds: 2, judgeSpeed: false },
      { lab: await sharedLab() },
    );
    expect(failed(report)).to.deep.equal([]);
    expect(report.handovers.map(({ kind }) => kind)).to.deep.equal(["failover", "switchover"]);
  });
});
