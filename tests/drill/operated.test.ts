import { playScenario } from "@castle/lab/drill/drill.ts";
import { expect } from "chai";
import { failed } from "./support/report.ts";
import { sharedLab } from "./support/shared-lab.ts";

describe("a handover under conditions that no operator asks for", function () {
  this.timeout(600_000);

  it("needs nothing of the old cell, which lives and trades out of the operator's sight", async () => {
    const report = await playScenario(
      { scenario: "operator-cut-off", rps: 100, seconds: 2 },
      { lab: await sharedLab() },
    );
    expect(failed(report)).to.deep.equal([]);
  });
});
