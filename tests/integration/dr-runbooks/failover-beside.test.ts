import { runFailover } from "@castle/dr-runbooks/runbooks/run.ts";
import { until } from "@castle/lab/processes/until.ts";
import { expect } from "chai";
import { HandoverRig, PEER } from "./support/handover-rig.ts";

/** Telling people, sizes and the edge: what a failover does besides, and is never held up by. */
describe("beside the way to its target, a failover", () => {
  let rig: HandoverRig;
  before(async () => {
    rig = await HandoverRig.start({ home: "lost", clusters: true });
  });
  after(() => rig.stop());
  beforeEach(() => rig.reset());

  const run = () => runFailover({ target: rig.target, to: PEER });

  it("tells everyone that it begins and that the target is open, with what they have to know", async () => {
    const { id } = await run();
    const { published } = rig.controlPlane.topics;
    expect(published.map(({ subject }) => subject)).to.deep.equal([
      `Castle failover: ${PEER} takes over`,
      `Castle failover: ${PEER} is open`,
    ]);
    for (const { topicArn, attributes, message } of published) {
      expect(topicArn, "the lost region is not asked").to.contain(PEER);
      expect(attributes).to.include({
        kind: "failover",
        from: "eu-west-1",
        to: PEER,
        epoch: "2",
        execution: id,
      });
      expect(message)
        .to.match(/^consent +to no loss$/m)
        .and.match(/^by +.+ on .+ \(process \d+\)$/m);
    }
  });

  it("is not held up, nor fails, when nobody can be told", async () => {
    rig.controlPlane.conduct.trouble({ service: "sns" }, { is: "throttled" }, { share: 1, seed: 1 });
    const result = await run();
    expect(await rig.peer.role()).to.include({ gate: "open" });
    const telling = result.steps.filter(({ name }) => name.startsWith("tell-everyone"));
    expect(telling.map(({ outcome }) => outcome)).to.deep.equal(["failed", "failed"]);
    expect(rig.controlPlane.topics.published).to.deep.equal([]);
  });

  it("tells nobody where there is no topic, and asks nothing of SNS", async () => {
    const { topicArn: _, ...quiet } = rig.target.cells[PEER];
    rig.target = { ...rig.target, cells: { ...rig.target.cells, [PEER]: quiet } };
    const result = await run();
    const telling = result.steps.filter(({ name }) => name.startsWith("tell-everyone"));
    expect(telling.map(({ outcome }) => outcome)).to.deep.equal(["already-done", "already-done"]);
    expect(rig.requests.filter(({ service }) => service === "sns")).to.deep.equal([]);
  });

  it("asks for the active size while it promotes, and waits for no pod", async () => {
    const { scaled } = rig.workloads.in(PEER);
    const held = rig.holdPromotion();
    const running = run();
    await held.asked;
    await until(() => scaled.length > 1, { what: "the target to be scaled up", withinMs: 60_000 });
    rig.workloads.in(PEER).areReady = false;
    held.release();
    const step = (await running).steps.find(({ name }) => name === "scale-up");
    expect(scaled).to.have.members(["order-gateway to 2", "matching-engine to 2"]);
    expect(step).to.deep.include({ outcome: "done" });
    expect(
      rig.requests.filter(({ region }) => region === "eu-west-1"),
      "the lost region",
    ).to.deep.equal([]);
  });

  it("asks for nothing where the size is right, or more than that", async () => {
    rig.workloads.in(PEER).sizes.set("order-gateway", 3);
    rig.workloads.in(PEER).sizes.set("matching-engine", 2);
    const result = await run();
    expect(rig.workloads.in(PEER).scaled).to.deep.equal([]);
    expect(result.steps.find(({ name }) => name === "scale-up")).to.include({ outcome: "already-done" });
  });

  it("opens at the size there is when the cluster cannot be asked", async () => {
    rig.controlPlane.conduct.trouble({ service: "eks" }, { is: "internal-error" }, { share: 1, seed: 1 });
    const result = await run();
    expect(await rig.peer.role()).to.include({ gate: "open" });
    expect(result.steps.find(({ name }) => name === "scale-up")).to.include({ outcome: "failed" });
  });

  it("lets an endpoint that a former failover pinned take traffic again", async () => {
    rig.aws.weights.set(PEER, 0);
    await run();
    expect(rig.aws.weights.get(PEER)).to.equal(128);
  });

  it("does not need the accelerator's control plane", async () => {
    rig.aws.lost.add("us-west-2");
    const result = await run();
    expect(await rig.peer.role()).to.include({ gate: "open" });
    const edge = result.steps.filter(({ name }) => name.endsWith("-endpoint"));
    expect(edge.map(({ outcome }) => outcome)).to.deep.equal(["timed-out", "timed-out"]);
  });
});
