import { setTimeout as sleep } from "node:timers/promises";
import { claimExecution, ExecutionClaimed } from "@castle/dr-runbooks/engine/claim-execution.ts";
import type { HeldClaim, LeaseTimes } from "@castle/dr-runbooks/engine/held-claim.ts";
import { ClaimLost } from "@castle/dr-runbooks/engine/mandate.ts";
import { hasDied } from "@castle/dr-runbooks/engine/process-identity.ts";
import { minutes } from "@castle/regions/duration.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { standingOf } from "@castle/regions/witness/claim.ts";
import { WitnessUnreachable } from "@castle/regions/witness/errors.ts";
import { expect } from "chai";
import { claim, elsewhere, myself, neverRenewed, times, WitnessOfTests } from "./claims-of-tests.ts";

const dead = { ...myself(), pid: 2 ** 22 - 1, startedTicks: 1 };

describe("the claim of an execution", () => {
  const held: HeldClaim[] = [];
  afterEach(async () => {
    for (const each of held.splice(0)) await each.release();
  });

  async function take(witness: WitnessOfTests, runbook = "switchover", with_: LeaseTimes = times) {
    const request = { execution: `${runbook}-mine`, runbook, epoch: epoch(witness.epoch), begins: epoch(2) };
    const taken = await claimExecution(witness, request, { times: with_ });
    held.push(taken);
    return taken;
  }
  const rejection = (asked: Promise<unknown>): Promise<unknown> =>
    asked.then(
      () => expect.fail("it was granted"),
      (error: unknown) => error,
    );
  /** A holder elsewhere that renews, and makes room when it is asked to. @returns how to end it */
  function alive(witness: WitnessOfTests, makesRoom = true): () => void {
    const timer = setInterval(() => {
      const { standing } = witness;
      if (standing?.token !== "theirs" || standing.released) return;
      if (standing.wantedBy === null) witness.put({ ...standing });
      else if (makesRoom) witness.put({ ...standing, released: true });
    }, 20);
    return () => clearInterval(timer);
  }
  async function tookMs(work: Promise<unknown>): Promise<number> {
    const began = performance.now();
    await work;
    return performance.now() - began;
  }

  for (const [what, more, standing] of [
    ["let go", { released: true }, "released"],
    ["of an epoch that is over", { epoch: epoch(1), begins: null }, "void"],
    ["of a handover that began an epoch which is over", { begins: epoch(1) }, "void"],
    ["of a handover that began the epoch itself", { epoch: epoch(1), begins: epoch(2) }, "held"],
    ["of a process of this machine that died", { holder: dead }, "dead"],
    ["of a process of this machine that lives", { holder: myself() }, "held"],
    ["of a process of another machine", { holder: { ...dead, machine: "another" } }, "held"],
    ["of a process whose machine nobody knows", { holder: { ...dead, machine: null } }, "held"],
  ] as const)
    it(`${standing === "held" ? "stands" : "does not stand"} in the way when it is one ${what}`, () => {
      expect(standingOf(claim(more), epoch(2), hasDied)).to.equal(standing);
    });

  it("is refused while another's is renewed, by name, and says what to do", async () => {
    const witness = new WitnessOfTests(claim());
    const end = alive(witness);
    const error = await rejection(take(witness)).finally(end);
    expect(error).to.be.instanceOf(ExecutionClaimed);
    expect(String(error))
      .to.contain("switchover switchover-2")
      .and.contain("ann on bastion-2 (process 7) at 2026-11-27 03:04:05 UTC")
      .and.contain("Ctrl-C");
  });

  for (const [whose, first] of [
    ["whose runner died on this machine", claim({ holder: dead })],
    ["whose epoch is over", claim({ begins: null, holder: elsewhere })],
    ["that was let go", claim({ released: true })],
  ] as const)
    it(`takes the place of one ${whose}, at once`, async () => {
      const witness = new WitnessOfTests(first);
      witness.epoch = 2;
      await take(witness, "failover", { ...times, lease: minutes(10) });
      expect(witness.standing?.execution).to.equal("failover-mine");
    });

  for (const [what, first] of [
    ["a claim elsewhere that nobody renews", claim({ runbook: "failover" })],
    ["an item that is no claim", null],
  ] as const)
    it(`takes the place of ${what} when it has stood for a lease, and not before`, async () => {
      const witness = new WitnessOfTests();
      witness.put(first);
      expect(await tookMs(take(witness, "failover"))).to.be.at.least(times.lease.ms - 1);
    });

  it("of a failover makes a switchover elsewhere give way", async () => {
    const witness = new WitnessOfTests(claim());
    const end = alive(witness);
    await take(witness, "failover").finally(end);
    expect(witness.standing?.execution).to.equal("failover-mine");
  });

  it("of a failover waits no longer than a lease for a holder that does not answer", async () => {
    const witness = new WitnessOfTests(claim());
    const end = alive(witness, false);
    expect(await tookMs(take(witness, "failover").finally(end))).to.be.at.least(times.lease.ms - 1);
  });

  it("of a failover does not make a failover give way", async () => {
    const witness = new WitnessOfTests(claim({ runbook: "failover" }));
    const end = alive(witness);
    expect(await rejection(take(witness, "failover")).finally(end)).to.be.instanceOf(ExecutionClaimed);
    expect(witness.standing?.wantedBy).to.equal(null);
  });

  it("is recognised when the answer to its writing was lost", async () => {
    const witness = new WitnessOfTests();
    witness.fate = "answer-lost";
    const taken = await take(witness);
    await taken.ensure();
  });

  it("fails where the witness is silent", async () => {
    const witness = new WitnessOfTests();
    witness.fate = "silent";
    expect(await rejection(take(witness))).to.be.instanceOf(WitnessUnreachable);
  });

  it("goes on through renewals, also those whose answer is lost", async () => {
    const witness = new WitnessOfTests();
    const taken = await take(witness);
    for (let lease = 0; lease < 3; lease++) {
      witness.fate = "answer-lost";
      await sleep(times.lease.ms);
      await taken.ensure();
    }
    expect(taken.lost.aborted).to.equal(false);
  });

  it("is let go in the end, so that nobody waits for it", async () => {
    const witness = new WitnessOfTests();
    await (await take(witness)).release();
    expect(witness.standing?.released).to.equal(true);
  });

  describe("that ran out", () => {
    it("is had again when nobody claimed anything meanwhile", async () => {
      const witness = new WitnessOfTests();
      const taken = await take(witness, "switchover", neverRenewed);
      await sleep(times.lease.ms);
      await taken.ensure();
    });

    it("is lost when another has claimed, by name", async () => {
      const witness = new WitnessOfTests();
      const taken = await take(witness, "switchover", neverRenewed);
      await sleep(times.lease.ms);
      witness.put(claim());
      const error = await rejection(taken.ensure());
      expect(error).to.be.instanceOf(ClaimLost).and.to.include({ to: "switchover-2" });
      expect(String(error)).to.contain("ann on bastion-2");
      await taken.release();
      expect(witness.standing, "the other's is left alone").to.include({ token: "theirs", released: false });
    });

    it("allows nothing while the witness is silent, and is lost when that lasts", async () => {
      const witness = new WitnessOfTests();
      const taken = await take(witness, "switchover", neverRenewed);
      witness.fate = "silent";
      await sleep(times.lease.ms);
      expect(await rejection(taken.ensure())).to.be.instanceOf(ClaimLost);
    });
  });

  it("is lost when its epoch is over", async () => {
    const witness = new WitnessOfTests();
    const taken = await take(witness);
    witness.epoch = 3;
    await new Promise((resolve) => taken.lost.addEventListener("abort", resolve));
    expect(String(taken.lost.reason)).to.contain("the witness is at epoch 3");
  });

  it("is lost when a failover asked for room, and let go by its runner", async () => {
    const witness = new WitnessOfTests();
    const taken = await take(witness);
    const failover = take(witness, "failover");
    await new Promise((resolve) => taken.lost.addEventListener("abort", resolve));
    expect(taken.lost.reason).to.include({ to: "failover-mine" });
    await taken.release();
    await failover;
  });
});
