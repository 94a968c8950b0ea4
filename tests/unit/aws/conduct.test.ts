import { Conduct, type Extent, type TroubledCalls } from "@castle/lab/aws/conduct.ts";
import { expect } from "chai";

const failover = { service: "rds", operation: "FailoverGlobalCluster", region: "eu-west-1" };
const describing = { ...failover, operation: "DescribeGlobalClusters" };
const throttled = { is: "throttled" } as const;

const conductOfTests = () =>
  new Conduct([
    { service: "rds", operations: ["FailoverGlobalCluster", "DescribeGlobalClusters"] },
    { service: "ecr", operations: ["DescribeImages"] },
  ]);

describe("Conduct", () => {
  it("is calm until somebody says otherwise", () => {
    expect(conductOfTests().meet(failover)).to.equal(null);
  });

  it("troubles the next so many calls, counts them, and no more", () => {
    const conduct = conductOfTests();
    const begun = conduct.trouble({ service: "rds" }, throttled, { calls: 2 });
    expect([1, 2, 3].map(() => conduct.meet(failover))).to.deep.equal([throttled, throttled, null]);
    expect(begun.met).to.equal(2);
  });

  for (const other of [
    { operation: "DescribeGlobalClusters" },
    { service: "ecr" },
    { region: "eu-central-1" },
  ])
    it(`troubles no call that differs: ${JSON.stringify(other)}`, () => {
      const conduct = conductOfTests();
      const begun = conduct.trouble(failover, throttled, { calls: 1 });
      expect(conduct.meet({ ...failover, ...other })).to.equal(null);
      expect(begun.met).to.equal(0);
      expect(conduct.meet(failover)).to.equal(throttled);
    });

  it("troubles the same share of the same calls for the same seed, and others for another", () => {
    const drawn = (seed: number) => {
      const conduct = conductOfTests();
      conduct.trouble({}, throttled, { share: 0.3, seed });
      return Array.from({ length: 1_000 }, () => conduct.meet(failover) !== null);
    };
    expect(drawn(7)).to.deep.equal(drawn(7));
    expect(drawn(7)).not.to.deep.equal(drawn(8));
    expect(drawn(7).filter(Boolean).length).to.be.within(250, 350);
  });

  it("lets the trouble begun first befall a call, and the next one when that is over", () => {
    const conduct = conductOfTests();
    conduct.trouble({ service: "rds" }, throttled, { calls: 1 });
    conduct.trouble({}, { is: "slow", ms: 5 }, { calls: 1 });
    expect([failover, failover, failover].map((call) => conduct.meet(call)?.is)).to.deep.equal([
      "throttled",
      "slow",
      undefined,
    ]);
  });

  it("ends one trouble, or all", () => {
    const conduct = conductOfTests();
    const first = conduct.trouble(failover, throttled, { share: 1, seed: 1 });
    conduct.trouble(describing, throttled, { share: 1, seed: 1 });
    first.end();
    first.end();
    expect([conduct.meet(failover), conduct.meet(describing)]).to.deep.equal([null, throttled]);
    conduct.calm();
    expect(conduct.meet(describing)).to.equal(null);
  });

  const senseless: [on: TroubledCalls, extent: Extent, because: string][] = [
    [{ service: "iam" }, { calls: 1 }, 'no service "iam"; it has rds, ecr'],
    [{ service: "ecr", operation: "FailoverGlobalCluster" }, { calls: 1 }, "it serves DescribeImages"],
    [{ operation: "FailoverGlobalClusters" }, { calls: 1 }, 'does not serve "FailoverGlobalClusters"'],
    [{}, { calls: 0 }, "one call or more, got 0"],
    [{}, { calls: 1.5 }, "one call or more, got 1.5"],
    [{}, { share: 0, seed: 1 }, "above 0 and at most 1, got 0"],
    [{}, { share: 1.1, seed: 1 }, "above 0 and at most 1, got 1.1"],
    [{}, { share: Number.NaN, seed: 1 }, "got NaN"],
  ];
  for (const [on, extent, because] of senseless)
    it(`refuses a trouble that nobody would meet: ${JSON.stringify({ ...on, ...extent })}`, () => {
      expect(() => conductOfTests().trouble(on, throttled, extent)).to.throw(RangeError, because);
    });

  it("refuses to be slow by no time", () => {
    expect(() => conductOfTests().trouble({}, { is: "slow", ms: 0 }, { calls: 1 })).to.throw("not slow");
  });
});
