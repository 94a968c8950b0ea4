import { cellsAmong } from "@castle/infra/plan/compare/cells.ts";
import { readSettings } from "@castle/infra/settings/settings.ts";
import { ownConfig, stackConfig } from "@castle/infra/settings/stack-file.ts";
import { expect } from "chai";

const named = (...stacks: readonly string[]) =>
  stacks.map((stack) => ({ settings: readSettings(stack, ownConfig(stackConfig(stack))) }));

describe("the two cells of one platform", () => {
  it("are found among other stacks, in any order", () => {
    const found = cellsAmong(named("stg", "dr", "prd", "dev"));
    expect([found?.home.settings.stack, found?.peer.settings.stack]).to.deep.equal(["prd", "dr"]);
  });

  it("are not there where one stands alone, or another platform's does", () => {
    expect(cellsAmong(named("prd"))).to.equal(null);
    expect(cellsAmong(named("stg", "dr"))).to.equal(null);
  });
});
