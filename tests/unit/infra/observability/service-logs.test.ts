import { readFileSync } from "node:fs";
import { expect } from "chai";
import { logCounts, sayings } from "../../../../infra/cell/observability/service-logs.ts";

const source = (path: string): string => readFileSync(`services/${path}`, "utf8");

describe("what is counted in the services' logs", () => {
  it("is what they really say when the role changes, with what it is now under next", () => {
    expect(source("kernel/role/role-watch.ts")).to.include(
      `log.info({ previous, next }, "${sayings.roleChanged}")`,
    );
  });

  it("is what they really say when the peer's journal did not do what it was asked", () => {
    expect(source("matching-engine/authority/peer-journal.ts")).to.include(`"${sayings.journalFailed}"`);
  });

  it("tells solo as 1, and as 0 both when it is over and when the role is lost", () => {
    const solo = logCounts.filter(({ metric }) => metric === "Solo");
    expect(solo.map(({ value }) => value)).to.have.members(["1", "0"]);
    const over = solo.find(({ value }) => value === "0");
    expect(over?.pattern).to.include('"paired"').and.include('"standby"');
  });
});
