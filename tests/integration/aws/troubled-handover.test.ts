import { runFailover } from "@castle/dr-runbooks/runbooks/run.ts";
import type { TroubledCalls } from "@castle/lab/aws/conduct.ts";
import { type ControlPlane, startControlPlane } from "@castle/lab/aws/control-plane.ts";
import type { ControlPlaneEvent } from "@castle/lab/aws/events.ts";
import { expect } from "chai";
import { HandoverRig, PEER } from "../dr-runbooks/support/handover-rig.ts";

const databaseFailovers: TroubledCalls = { service: "rds", operation: "FailoverGlobalCluster" };
const cacheFailovers: TroubledCalls = {
  service: "elasticache",
  operation: "FailoverGlobalReplicationGroup",
};

describe("a failover whose AWS is in trouble", () => {
  let rig: HandoverRig;
  let aws: ControlPlane;
  let events: ControlPlaneEvent[];
  let onEvent: () => void;
  before(async () => {
    rig = await HandoverRig.start({ home: "lost" });
  });
  after(() => rig.stop());
  beforeEach(async () => {
    await rig.reset();
    events = [];
    onEvent = () => undefined;
    const observe = (event: ControlPlaneEvent) => {
      events.push(event);
      onEvent();
    };
    aws = await startControlPlane({ port: 0, cells: rig.aws, observe });
    rig.target = { ...rig.target, awsEndpoint: aws.url };
  });
  afterEach(() => aws.close());

  const failover = () => runFailover({ target: rig.target, to: PEER });
  const troublesOf = (operation: string) =>
    events.flatMap((event) => (event.kind === "call" && event.operation === operation ? event.trouble : []));
  /** The global database was described after the answer of its failover was lost. */
  const lookedAgain = () =>
    new Promise<void>((resolve) => {
      const operations = () => events.map((event) => (event.kind === "call" ? event.operation : null));
      onEvent = () => {
        const asked = operations().indexOf("FailoverGlobalCluster");
        if (asked >= 0 && operations().lastIndexOf("DescribeGlobalClusters") > asked) resolve();
      };
      onEvent();
    });
  const expectHandedOverOnce = async () => {
    expect(await rig.witness.read()).to.include({ epoch: 2, activeRegion: PEER });
    expect(await rig.peer.role()).to.deep.equal({ epoch: 2, region: PEER, gate: "open" });
    expect(rig.aws.asked, "each promotion was carried out once").to.have.members([
      `database failover to ${PEER}`,
      `cache failover to ${PEER}`,
    ]);
    expect(rig.aws.asked).to.have.length(2);
  };

  it("asks again when it is throttled, and hands over once", async () => {
    aws.conduct.trouble(databaseFailovers, { is: "throttled" }, { calls: 3 });
    aws.conduct.trouble(cacheFailovers, { is: "internal-error" }, { calls: 1 });
    const { steps } = await failover();
    expect(troublesOf("FailoverGlobalCluster")).to.deep.equal(["throttled", "throttled", "throttled", null]);
    expect(troublesOf("FailoverGlobalReplicationGroup")).to.deep.equal(["internal-error", null]);
    expect(steps.find(({ name }) => name === "promote-database")?.outcome).to.equal("done");
    await expectHandedOverOnce();
  });

  it("looks before it asks again when the answer was lost, while the promotion is under way", async () => {
    const promotion = rig.holdPromotion();
    aws.conduct.trouble(databaseFailovers, { is: "lost-answer" }, { calls: 1 });
    aws.conduct.trouble(cacheFailovers, { is: "lost-answer" }, { calls: 1 });
    const run = failover();
    await promotion.asked;
    await lookedAgain();
    promotion.release();
    await run;
    expect(troublesOf("FailoverGlobalCluster"), "asked once").to.deep.equal(["lost-answer"]);
    expect(troublesOf("FailoverGlobalReplicationGroup"), "asked once").to.deep.equal(["lost-answer"]);
    await expectHandedOverOnce();
  });

  it("gets through when a third of all calls meets a trouble of any kind", async () => {
    const begun = (["throttled", "internal-error", "lost-answer"] as const).map((is, seed) =>
      aws.conduct.trouble({}, { is }, { share: 0.12, seed }),
    );
    await failover();
    expect(begun.reduce((met, trouble) => met + trouble.met, 0)).to.be.greaterThan(0);
    await expectHandedOverOnce();
  });
});
