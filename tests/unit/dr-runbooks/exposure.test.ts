import { agreeToWhatHolds } from "@castle/dr-runbooks/cli/ask.ts";
import {
  EXPOSURE_HOLDS,
  type Exposure,
  exposureHolds,
  tellExposure,
} from "@castle/dr-runbooks/runbooks/exposure.ts";
import { minutes, seconds } from "@castle/regions/duration.ts";
import { expect } from "chai";

const seqs = (of: Record<string, number>): ReadonlyMap<string, number> => new Map(Object.entries(of));

const exposure = (more: Partial<Exposure> = {}): Exposure => ({
  activeRegion: "eu-west-1",
  mode: "solo",
  since: 10_000,
  held: seqs({ A: 5, B: 2 }),
  accepted: seqs({ A: 7, B: 3 }),
  lag: seconds(1.5),
  ...more,
});

describe("what consent to loss is about", () => {
  it("names how long it has been solo, what is missing of each stream and in all, and how far the database is behind", () => {
    const [mode, missing, lag] = tellExposure(exposure(), 52_000);
    expect(mode).to.contain("eu-west-1 has been solo for 42.0 s (since 1970-01-01T00:00:10.000Z)");
    expect(missing).to.equal("The target lacks, at this moment: 2 of A, 1 of B; 3 commands in all.");
    expect(lag).to.equal("The target's database is at most 1.5 s behind.");
  });

  it("counts one command as one", () => {
    const one = exposure({ accepted: seqs({ A: 6, B: 2 }) });
    expect(tellExposure(one, 11_000)[1]).to.match(/1 of A; 1 command in all\.$/);
  });

  it("says what cannot be told, and why", () => {
    const gone = { unreachable: "no answer within 1.0 s" };
    const lines = tellExposure(exposure({ accepted: gone, lag: gone }), 11_000);
    expect(lines[1]).to.contain("A up to 5, B up to 2").and.to.contain("cannot be counted");
    expect(lines[2]).to.equal(
      "How far the target's database is behind cannot be told: no answer within 1.0 s",
    );
  });
});

describe("figures that were consented to", () => {
  it("count for five minutes, and not a moment longer", () => {
    expect(EXPOSURE_HOLDS.ms).to.equal(minutes(5).ms);
    expect(exposureHolds(1_000, 1_000)).to.equal(true);
    expect(exposureHolds(1_000, 1_000 + minutes(5).ms)).to.equal(true);
    expect(exposureHolds(1_000, 1_001 + minutes(5).ms)).to.equal(false);
  });

  it("count for nothing when the clock was set back behind them", () => {
    expect(exposureHolds(1_000, 999)).to.equal(false);
  });

  /** An operator who takes so long for each answer, in milliseconds. */
  async function answering(answers: readonly { afterMs: number; yes: boolean }[]) {
    let now = 0;
    const shown: number[] = [];
    let tooLate = 0;
    const left = [...answers];
    const { measured, agreed } = await agreeToWhatHolds<{ measuredAt: number }>({
      measure: async () => ({ measuredAt: now }),
      show: ({ measuredAt }) => void shown.push(measuredAt),
      ask: async () => {
        const answer = left.shift() ?? expect.fail("asked once too often");
        now += answer.afterMs;
        return answer.yes;
      },
      holds: ({ measuredAt }) => exposureHolds(measuredAt, now),
      tellTooLate: () => {
        tooLate += 1;
      },
    });
    return { measured: measured.measuredAt, agreed, shown, tooLate };
  }

  it("are agreed to by who answers in time", async () => {
    expect(await answering([{ afterMs: 20_000, yes: true }])).to.deep.equal({
      measured: 0,
      agreed: true,
      shown: [0],
      tooLate: 0,
    });
  });

  it("are measured, shown and asked about again for who answers later", async () => {
    const slow = minutes(6).ms;
    expect(
      await answering([
        { afterMs: slow, yes: true },
        { afterMs: slow, yes: true },
        { afterMs: 5_000, yes: true },
      ]),
    ).to.deep.equal({ measured: 2 * slow, agreed: true, shown: [0, slow, 2 * slow], tooLate: 2 });
  });

  it("are not agreed to by who says no, however late", async () => {
    expect(await answering([{ afterMs: minutes(9).ms, yes: false }])).to.include({
      agreed: false,
      tooLate: 0,
    });
  });
});
