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
import type { Scenario } from "./scenarios.ts";

/** The short stories ask for correctness alone: little load, on any machine. */
export const short = { rps: 150, seconds: 3, accounts: 100, judgeSpeed: false } as const;

/** Something is lost under load, nobody hands anything over, and trading goes on or resumes by itself. */
const withoutHandover = (story: string, between: readonly Act[]): Scenario => ({
  story: () => story,
  acts: [warmUp(), steadyLoad("steady before"), ...between, steadyLoad("steady after")],
  promises: {
    handovers: [],
    errors: false,
    replays: false,
    ends: { activeRegion: homeRegion, mode: "paired" },
  },
  patientShare: 0,
  defaults: short,
});

export const selfHealing = {
  "gateway-loss": withoutHandover(
    `One gateway of ${homeRegion} was killed under load, and came back by itself.`,
    [killProcess(homeRegion, "order-gateway-0"), answersBack()],
  ),
  "cache-loss": withoutHandover(
    `The Redis of ${homeRegion} was killed under load with all it held, and came back empty.`,
    [killProcess(homeRegion, "redis"), answersBack()],
  ),
  "journal-loss": withoutHandover(
    `The journal of ${peerRegion}, where ${homeRegion} appends, was killed under load and came back with its data.`,
    [killProcess(peerRegion, "journal"), answersBack(), pairedAgain()],
  ),
  "peer-loss": withoutHandover(
    `Every process of ${peerRegion} was killed: ${homeRegion} went on alone. Then ${peerRegion} came back, was given what it had missed, and both were paired again.`,
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
    `The link between the regions was cut: ${homeRegion} went on alone. Then it was mended, and both were paired again.`,
    [cutLink(), soloInstead(), answersBack(), steadyLoad("steady alone"), healLink(), pairedAgain()],
  ),
} satisfies Readonly<Record<string, Scenario>>;
