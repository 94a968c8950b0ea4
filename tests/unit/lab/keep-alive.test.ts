import { pauseBefore } from "@castle/lab/processes/keep-alive.ts";
import { expect } from "chai";

describe("the pause before a process is started again", () => {
  it("is short at first, doubles, and never exceeds five seconds", () => {
    expect([0, 1, 2, 3, 4, 5, 20].map(pauseBefore)).to.deep.equal([
      300, 600, 1_200, 2_400, 4_800, 5_000, 5_000,
    ]);
  });
});
