import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import {
  type Act,
  answersBack,
  awaitDemotion,
  awake,
  detectLoss,
  freeze,
  handOver,
  holdBack,
  kill,
  killProcess,
  linger,
  pairedAgain,
  release,
  restore,
  stall,
  steadyLoad,
  thaw,
  warmUp,
} from "./acts.ts";
import type { Promises } from "./checks.ts";
import { disturbances } from "./disturbances.ts";
import { operated } from "./operated.ts";
import type { DrillOptions } from "./options.ts";
import type { ScenarioName } from "./scenario-names.ts";
import { selfHealing, short } from "./self-healing.ts";

export { type ScenarioName, scenarioNames } from "./scenario-names.ts";

/** A story the drill can play: what it does in which order, and what it promises about its course. */
export interface Scenario {
  readonly story: (load: { readonly rps: number }) => string;
  /** One line: what happens. */
  readonly happens: string;
  /** One line: what must hold, and why. Every story also ends with the audit. */
  readonly holds: string;
  readonly acts: readonly Act[];
  readonly promises: Promises;
  /** Share of the traders that hold on to a connection of their own, whatever becomes of its other end. */
  readonly patientShare: number;
  readonly defaults: Pick<DrillOptions, "rps" | "seconds" | "accounts" | "judgeSpeed">;
}

export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  ...selfHealing,
  ...disturbances,
  ...operated,

  "region-loss": {
    happens: "a region is lost; failover, and a switchover home",
    holds: "nothing acknowledged is lost: what was told stood in both regions",
    story: ({ rps }) =>
      `Under ${rps} requests a second every process of ${homeRegion} was killed at once. ${peerRegion} took over; ${homeRegion} came back as standby, and a switchover brought the active role home.`,
    acts: [
      warmUp(),
      steadyLoad(`steady in ${homeRegion}`),
      kill(homeRegion),
      detectLoss(homeRegion),
      handOver("failover", peerRegion),
      answersBack(),
      steadyLoad(`steady in ${peerRegion}`),
      restore(homeRegion),
      pairedAgain(),
      answersBack(),
      handOver("switchover", homeRegion),
      answersBack(),
      steadyLoad(`steady in ${homeRegion} again`),
    ],
    promises: {
      handovers: ["failover", "switchover"],
      errors: true,
      replays: false,
      ends: { activeRegion: homeRegion, mode: "paired" },
    },
    patientShare: 0,
    defaults: { rps: 500, seconds: 12, accounts: 100, judgeSpeed: true },
  },

  fence: {
    happens: "the old cell is frozen, and wakes up after the failover believing itself active",
    holds: "it acknowledges nothing: the journal it appends to has left its epoch",
    story: () =>
      `${homeRegion} was frozen, not killed, while traders held connections to it. ${peerRegion} took over. Then ${homeRegion} woke up, believing itself active, while nobody could ask the witness.`,
    acts: [
      warmUp(),
      steadyLoad(`steady in ${homeRegion}`),
      freeze(homeRegion),
      detectLoss(homeRegion),
      handOver("failover", peerRegion),
      stall("witness"),
      thaw(homeRegion),
      awake(homeRegion),
      linger(`${homeRegion} is awake`, { forSeconds: 2 }),
      release("witness"),
      awaitDemotion(homeRegion),
      answersBack(),
      pairedAgain(),
      steadyLoad(`steady in ${peerRegion}`),
    ],
    promises: {
      handovers: ["failover"],
      errors: true,
      replays: false,
      ends: { activeRegion: peerRegion, mode: "paired" },
    },
    patientShare: 0.8,
    // Many traders who seldom trade: most of their connections are idle when the region freezes, and stay with it.
    defaults: { ...short, rps: 100, accounts: 300 },
  },

  journal: {
    happens: "a region is lost while the replication of the database was behind",
    holds: "what the database lacks comes out of the journal, which every acknowledgement waited for",
    story: () =>
      `The replication of the database was held back while the journal went on, and then every process of ${homeRegion} was killed: what was acknowledged last stood in ${peerRegion}'s journal alone.`,
    acts: [
      warmUp(),
      steadyLoad(`steady in ${homeRegion}`),
      holdBack("replication", { forSeconds: 1.5 }),
      kill(homeRegion),
      detectLoss(homeRegion),
      handOver("failover", peerRegion),
      release("replication"),
      answersBack(),
      steadyLoad(`steady in ${peerRegion}`),
    ],
    promises: {
      handovers: ["failover"],
      errors: true,
      replays: true,
      ends: { activeRegion: peerRegion, mode: "solo" },
    },
    patientShare: 0,
    defaults: short,
  },

  mark: {
    happens: "a region is lost while neither its journal's link nor its replication carried anything",
    holds: "what the peer's journal never confirmed was never acknowledged nor published",
    story: () =>
      `Nothing that ${homeRegion} logged reached ${peerRegion} any more, and then every process of ${homeRegion} was killed: what it logged last stood there alone.`,
    acts: [
      warmUp(),
      steadyLoad(`steady in ${homeRegion}`),
      stall("replication"),
      stall("journal"),
      linger("nothing crosses to the peer", { forSeconds: 0.7 }),
      kill(homeRegion),
      detectLoss(homeRegion),
      handOver("failover", peerRegion),
      release("journal"),
      release("replication"),
      answersBack(),
      steadyLoad(`steady in ${peerRegion}`),
    ],
    promises: {
      handovers: ["failover"],
      errors: true,
      replays: false,
      ends: { activeRegion: peerRegion, mode: "solo" },
    },
    patientShare: 0,
    defaults: short,
  },

  once: {
    happens: "the matching engine is killed",
    holds: "every command takes effect once: the engine goes on where its last commit ended",
    story: () => `The matching engine of ${homeRegion} was killed under load and came back by itself.`,
    acts: [
      warmUp(),
      steadyLoad(`steady in ${homeRegion}`),
      killProcess(homeRegion, "matching-engine-0"),
      answersBack(),
      steadyLoad("steady with the new engine"),
    ],
    promises: {
      handovers: [],
      errors: false,
      replays: false,
      ends: { activeRegion: homeRegion, mode: "paired" },
    },
    patientShare: 0,
    defaults: short,
  },

  ledger: {
    happens: "nothing happens",
    holds: "the books are right under ordinary load",
    story: () => "Ordinary load, and nothing happened.",
    acts: [warmUp(), steadyLoad(`steady in ${homeRegion}`)],
    promises: {
      handovers: [],
      errors: false,
      replays: false,
      ends: { activeRegion: homeRegion, mode: "paired" },
    },
    patientShare: 0,
    defaults: { ...short, seconds: 6 },
  },
};
