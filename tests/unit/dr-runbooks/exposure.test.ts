import { type Exposure, tellExposure } from "@castle/dr-runbooks/runbooks/exposure.ts";
import { seconds } from "@castle/regions/duration.ts";
import { expect } from "chai";

const seqs = (of: Record<string, number>): ReadonlyMap<string, number> => new Map(Object.entries(of));

const exposure = (more: Partial<Exposure> = {}): Exposure => ({
  activeRegion: "eu-west-1",
  mode: "solo",
  since: 10_000,
  held: seqs({ A: 5, B: 2 }),
  accepted: seqs({ A: 7, B: 3 }),
  lag: { atMost: seconds(1.5), isComplete: false },
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

  it("says of a standby that has all it was sent when it heard from the writer, and not that it is behind", () => {
    const idle = exposure({ mode: "paired", lag: { atMost: seconds(34), isComplete: true } });
    const [, , lag] = tellExposure(idle, 52_000);
    expect(lag).to.equal(
      "Nothing that was sent to the target's database is missing there; it heard from the writer 34.0 s ago.",
    );
    expect(lag).to.not.contain("behind");
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
