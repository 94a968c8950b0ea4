import { FailoverGlobalClusterMessage$, type GlobalCluster, GlobalCluster$ } from "@aws-sdk/client-rds";
import { breachesOf } from "@castle/lab/aws/schema/limits.ts";
import { problemsOf } from "@castle/lab/aws/schema/problems.ts";
import type { StaticStructureSchema } from "@smithy/types";
import { expect } from "chai";

const globalCluster: GlobalCluster = {
  GlobalClusterIdentifier: "castle",
  StorageEncrypted: false,
  GlobalClusterMembers: [{ DBClusterArn: "arn", IsWriter: true, Readers: ["arn:2"] }],
};

describe("problemsOf", () => {
  it("finds none in a value that fits, with what is optional left out", () => {
    expect(problemsOf(GlobalCluster$, globalCluster, "parsed")).to.deep.equal([]);
    expect(problemsOf(GlobalCluster$, { ...globalCluster, Status: undefined }, "parsed")).to.deep.equal([]);
    expect(problemsOf("unit", undefined, "parsed")).to.deep.equal([]);
  });

  it("names every required member that is missing, null counting as missing", () => {
    expect(
      problemsOf(FailoverGlobalClusterMessage$, { TargetDbClusterIdentifier: null }, "json"),
    ).to.deep.equal([
      { path: ["GlobalClusterIdentifier"], is: "missing" },
      { path: ["TargetDbClusterIdentifier"], is: "missing" },
    ]);
  });

  for (const [name, value, path] of [
    ["a member", { ...globalCluster, Extra: 1 }, ["Extra"]],
    ["a member of a list's item", { GlobalClusterMembers: [{}, { x: 1 }] }, ["GlobalClusterMembers", 1, "x"]],
    ["a member named like one of Object's", { toString: "x" }, ["toString"]],
    ["a __proto__ in JSON", JSON.parse('{"__proto__":{"Status":"x"}}'), ["__proto__"]],
  ] as const)
    it(`names ${name} that the schema does not have`, () => {
      expect(problemsOf(GlobalCluster$, value, "json")).to.deep.equal([{ path, is: "unknown" }]);
    });

  for (const [path, value, expected] of [
    [["Status"], { Status: 1 }, "string"],
    [["StorageEncrypted"], { StorageEncrypted: "true" }, "boolean"],
    [["GlobalClusterMembers"], { GlobalClusterMembers: {} }, "list"],
    [["GlobalClusterMembers", 0], { GlobalClusterMembers: ["x"] }, "structure"],
    [["GlobalClusterMembers", 0, "Readers", 1], { GlobalClusterMembers: [{ Readers: ["a", 2] }] }, "string"],
    [[], [], "structure"],
    [[], "x", "structure"],
    [[], null, "structure"],
  ] as const)
    it(`names ${path.join(".") || "the whole"} that is not a ${expected} in ${JSON.stringify(value)}`, () => {
      const [problem, ...more] = problemsOf(GlobalCluster$, value, "parsed");
      expect(more).to.deep.equal([]);
      expect(problem).to.deep.include({ path, is: "wrong-type", expected });
    });

  it("takes a timestamp as a Date once parsed, and as seconds in JSON", () => {
    const schema: StaticStructureSchema = [3, "test", "Timed", 0, ["At", "Count"], [4, 1]];
    expect(problemsOf(schema, { At: new Date(0), Count: 1 }, "parsed")).to.deep.equal([]);
    expect(problemsOf(schema, { At: 0, Count: 1 }, "json")).to.deep.equal([]);
    expect(problemsOf(schema, { At: 0 }, "parsed")).to.have.length(1);
    expect(problemsOf(schema, { At: "1970-01-01" }, "json")).to.have.length(1);
    expect(problemsOf(schema, { Count: Number.NaN }, "parsed")).to.have.length(1);
  });

  it("takes a blob as bytes once parsed, and as base64 in JSON", () => {
    const schema: StaticStructureSchema = [3, "test", "Blobbed", 0, ["Data"], [21]];
    expect(problemsOf(schema, { Data: Buffer.of(1) }, "parsed")).to.deep.equal([]);
    expect(problemsOf(schema, { Data: "AQ==" }, "json")).to.deep.equal([]);
    expect(problemsOf(schema, { Data: "AQ==" }, "parsed")).to.have.length(1);
    expect(problemsOf(schema, { Data: "A!" }, "json")[0]).to.include({ expected: "blob" });
  });

  it("looks into a map's values, and names their keys", () => {
    const stages: StaticStructureSchema = [
      3,
      "test",
      "Staged",
      0,
      ["Stages"],
      [[2, "test", "Map", 0, 0, 64]],
    ];
    expect(problemsOf(stages, { Stages: { a: ["x"], b: [] } }, "parsed")).to.deep.equal([]);
    expect(problemsOf(stages, { Stages: { a: ["x"], b: [1] } }, "parsed")).to.deep.equal([
      { path: ["Stages", "b", 0], is: "wrong-type", value: 1, expected: "string" },
    ]);
    expect(problemsOf(stages, { Stages: ["a"] }, "parsed")[0]).to.include({ expected: "map" });
  });

  it("says which shape it has yet to be taught", () => {
    const schema: StaticStructureSchema = [3, "test", "Documented", 0, ["Data"], [15]];
    expect(() => problemsOf(schema, { Data: {} }, "parsed")).to.throw(/Data.*problems\.ts/s);
  });
});

describe("breachesOf", () => {
  const limits = {
    Count: { min: 1, max: 3 },
    "List.*.Weight": { min: 0, max: 255 },
    List: { min: 1, max: 2 },
  };

  it("finds none within the bounds, bounds included, nor where a member is left out", () => {
    for (const value of [
      {},
      { Count: 1 },
      { Count: 3, List: [{ Weight: 0 }, { Weight: 255 }] },
      { List: [{}] },
    ])
      expect(breachesOf(limits, value), JSON.stringify(value)).to.deep.equal([]);
  });

  it("names the number and the place that breaks a bound", () => {
    expect(breachesOf(limits, { Count: 0, List: [{ Weight: 1 }, { Weight: 256 }] })).to.deep.equal([
      { path: ["Count"], of: "value", size: 0, min: 1, max: 3 },
      { path: ["List", 1, "Weight"], of: "value", size: 256, min: 0, max: 255 },
    ]);
  });

  it("bounds a list by its length", () => {
    for (const size of [0, 3])
      expect(breachesOf(limits, { List: Array(size).fill({}) })).to.deep.equal([
        { path: ["List"], of: "length", size, min: 1, max: 2 },
      ]);
  });
});
