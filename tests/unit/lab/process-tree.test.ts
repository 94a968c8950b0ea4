import type { ProcessRow } from "@castle/lab/processes/table.ts";
import { members } from "@castle/lab/processes/tree.ts";
import { expect } from "chai";

const table = (...rows: readonly (readonly [pid: number, parent: number, zombie?: boolean])[]) =>
  new Map<number, ProcessRow>(
    rows.map(([pid, parent, zombie = false]) => [pid, { pid, parent, zombie, started: "0" }]),
  );

describe("the members of a process tree", () => {
  it("are the root and all its descendants, parents first", () => {
    const processes = table([1, 0], [10, 1], [11, 10], [12, 11], [13, 10], [20, 1]);
    expect(members([10], processes)).to.deep.equal([10, 11, 12, 13]);
  });

  it("are each named once when the roots overlap", () => {
    expect(members([10, 11], table([10, 1], [11, 10]))).to.deep.equal([10, 11]);
  });

  it("leave out who has ended", () => {
    expect(members([10, 99], table([10, 1], [11, 10, true]))).to.deep.equal([10]);
  });
});
