import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import {
  type Act,
  answersBack,
  cutLink,
  healLink,
  kill,
  killProcess,
  pairedAgain,
  restore,
  soloInstead,
  steadyLoad,
  warmUp,
} from "./acts.ts";
import type { Promises } from "./checks.ts";
import type { Scenario } from "./scenarios.ts";

/** The short stories ask for correctness alone: little load, on any machine. */
export const short = { rps: 150, seconds: 3, accounts: 100, judgeSpeed: false } as const;

/** Something is lost under load, nobody hands anything over, and trading goes on or resumes by itself. */
export const withoutHandover = (
  told: Pick<Scenario, "happens" | "holds"> & { readonly story: string },
  between: readonly Act[],
  promises: Partial<Promises> = {},
): Scenario => ({
  ...told,
  story: () => told.story,
  acts: [warmUp(), steadyLoad("steady before"), ...between, steadyLoad("steady after")],
  promises: {
    handovers: [],
    errors: false,
    replays: false,
    ends: { activeRegion: homeRegion, mode: "paired" },
    ...promises,
  },
  patientShare: 0,
  defaults: short,
});

export const selfHealing = {
  "gateway-loss": withoutHandover(
    {
      happens: "one gateway is killed, and comes back by itself",
      holds: "whoever had no answer asks again and learns the truth; nothing is lost or doubled",
      story: `One gateway of ${homeRegion} was killed under load, and came back by itself.`,
    },
    [killProcess(homeRegion, "order-gateway-0"), answersBack()],
  ),
  "cache-loss": withoutHandover(
    {
      happens: "Redis is killed with all it holds",
      holds: "nothing is lost: everything in Redis can be rebuilt from PostgreSQL",
      story: `The Redis of ${homeRegion} was killed under load with all it held, and came back empty.`,
    },
    [killProcess(homeRegion, "redis"), answersBack()],
  ),
  "journal-loss": withoutHandover(
    {
      happens: "the peer's journal, where the active cell appends, is killed and comes back",
      holds: "nothing is acknowledged that the journal does not hold; paired again",
      story: `The journal of ${peerRegion}, where ${homeRegion} appends, was killed under load and came back with its data.`,
    },
    [killProcess(peerRegion, "journal"), answersBack(), pairedAgain()],
  ),
  "peer-loss": withoutHandover(
    {
      happens: "the peer region is lost, and comes back",
      holds:
        "the active cell asks the witness for solo and trades on; the gap is filled before the cells are paired",
      story: `Every process of ${peerRegion} was killed: ${homeRegion} went on alone. Then ${peerRegion} came back, was given what it had missed, and both were paired again.`,
    },
    [
      kill(peerRegion),
      soloInstead(),
      answersBack(),
      steadyLoad("steady alone"),
      restore(peerRegion),
      pairedAgain(),
    ],
  ),
  "link-loss": withoutHandover(
    {
      happens: "the link between the cells is cut, and mended",
      holds: "exactly one cell trades on, the one the witness names; paired again",
      story: `The link between the regions was cut: ${homeRegion} went on alone. Then it was mended, and both were paired again.`,
    },
    [cutLink(), soloInstead(), answersBack(), steadyLoad("steady alone"), healLink(), pairedAgain()],
  ),
} satisfies Readonly<Record<string, Scenario>>;
