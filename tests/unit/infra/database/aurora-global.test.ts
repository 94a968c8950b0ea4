import { expect } from "chai";
import { POSTGRES } from "../../../../infra/cell/database/engine.ts";
import { AuroraGlobal } from "../../../../infra/global/database/aurora-global.ts";
import { contextOf } from "../support/cell-context.ts";
import { record } from "../support/recorded.ts";

const globalOf = async (stack: string) =>
  (await record(() => new AuroraGlobal("castle", { context: contextOf(stack) }))).one(
    "aws:rds/globalCluster:GlobalCluster",
  );

describe("the global database", () => {
  it("is a protected, encrypted name of one pinned version", async () => {
    const { inputs, protect } = await globalOf("prd");
    expect(protect).to.equal(true);
    expect(inputs).to.include({
      globalClusterIdentifier: "castle-production",
      engine: "aurora-postgresql",
      engineVersion: POSTGRES.version,
      storageEncrypted: true,
      deletionProtection: true,
      forceDestroy: false,
    });
    expect(POSTGRES.version).to.match(/^\d+\.\d+$/);
  });

  it("names no writer, and leaves alone what a handover or an upgrade changes", async () => {
    const { inputs, ignoreChanges } = await globalOf("prd");
    expect(inputs).not.to.have.property("sourceDbClusterIdentifier");
    expect(ignoreChanges).to.include.members(["sourceDbClusterIdentifier", "databaseName", "engineVersion"]);
  });
});
