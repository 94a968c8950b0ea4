import { awsDurations, Pace, type TimedOperation, type Timing } from "@castle/lab/aws/pace.ts";
import { expect } from "chai";

const operations = Object.keys(awsDurations) as TimedOperation[];

async function waitsOf(timing: Timing): Promise<number[]> {
  const waits: number[] = [];
  const pace = new Pace(timing, async (ms) => void waits.push(ms));
  for (const operation of operations) await pace.take(operation);
  return waits;
}

describe("Pace", () => {
  it("takes AWS's time for every operation when asked to, and none otherwise", async () => {
    expect(await waitsOf("instant")).to.deep.equal([]);
    expect(await waitsOf("aws")).to.deep.equal(Object.values(awsDurations));
  });

  it("has durations that are minutes at most: a rehearsal waits for them", () => {
    for (const operation of operations)
      expect(awsDurations[operation], operation).to.be.within(1_000, 180_000);
  });

  it("gives up what is being waited for when the control plane closes, and begins nothing more", async () => {
    const pace = new Pace("aws");
    const waiting = pace.take("FailoverGlobalCluster");
    pace.close();
    const late = pace.take("UpdateEndpointGroup");
    for (const given of [waiting, late])
      expect(await given.catch((cause: unknown) => String(cause))).to.include(
        "closed before the change was due",
      );
  }).timeout(1_000);
});
