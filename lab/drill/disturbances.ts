import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import {
  answersBack,
  cutLink,
  healLink,
  killProcess,
  linger,
  pairedAgain,
  release,
  stall,
  steadyLoad,
} from "./acts.ts";
import { FALSE_YES, soloWithoutFalseYes } from "./false-yes.ts";
import {
  appendsFail,
  blackHole,
  CRASHES,
  crashLoop,
  cutOff,
  fillJournal,
  loseWitness,
  mendJournal,
  NO_SPACE,
  reconnect,
  slowDown,
  witnessBack,
} from "./faults.ts";
import { mustFallSilent, SILENCE, SLOWER, steadyAndSlow } from "./looks.ts";
import { REFUSED_BLIND, refusedWithoutWitness } from "./operations.ts";
import { STALL_OVER, STALL_SEEN, SWEPT, stallProjection, sweepAndKill } from "./projection-faults.ts";
import type { Scenario } from "./scenarios.ts";
import { withoutHandover } from "./self-healing.ts";
import { POISON_TOLD, poison, RIGHT_CLOCK_TAKEN, SKEWED_REFUSED, skewedTraders } from "./strangers.ts";

const SLOW_MS = 240;
const KILLS = 5;

/** What goes wrong around a cell that stays active. */
export const disturbances = {
  "partition-from-witness": withoutHandover(
    {
      happens: "the active cell loses the witness, then the link to its peer as well",
      holds:
        "paired, it trades on without a witness; with neither it stops, for nobody could tell it of a successor",
      story: `${homeRegion} alone lost the witness: both cells being paired, trading went on, for the peer's journal confirmed the epoch. Then the link to the peer was cut too. Now nothing could tell ${homeRegion} whether ${peerRegion} had been given the role: it had to fall silent within its lease. Both came back, and so did trading.`,
    },
    [
      cutOff(homeRegion, "witness"),
      linger("its lease runs out", { forSeconds: 2.2 }),
      steadyLoad("steady without the witness"),
      cutLink(),
      mustFallSilent(homeRegion),
      healLink(),
      reconnect(homeRegion, "witness"),
      answersBack(),
      pairedAgain(),
    ],
    { errors: true, observes: [SILENCE] },
  ),

  "witness-loss": withoutHandover(
    {
      happens: "the witness is gone for everybody, and comes back",
      holds:
        "trading goes on, paired; a failover is refused with its reason, for nobody could settle who is active",
      story: `The third region with the witness was lost to cells and operators. ${homeRegion}, paired, traded on. A failover asked for meanwhile was refused: without the witness two cells might both be active. Then the witness came back.`,
    },
    [
      loseWitness(),
      linger("every lease of it runs out", { forSeconds: 2.2 }),
      steadyLoad("steady without a witness"),
      refusedWithoutWitness(peerRegion),
      witnessBack(),
      pairedAgain(),
      answersBack(),
    ],
    { observes: [REFUSED_BLIND] },
  ),

  "projection-stalled": withoutHandover(
    {
      happens: "the tables behind the log cannot be written for half a minute",
      holds: "orders go on, and traders read their own writes from memory; then everything is written once",
      story: `For 30 s something held a table of ${homeRegion}'s projection. The engine went on deciding, logging and answering out of memory, and said that its projection stood still; then it wrote what had gathered.`,
    },
    [stallProjection(homeRegion, { forSeconds: 30 }), answersBack()],
    { observes: [STALL_SEEN, STALL_OVER] },
  ),

  "deep-sweeps": withoutHandover(
    {
      happens: "orders of a thousand fills each, and the engine is killed before any of it is projected",
      holds: "the engine that starts meets the longest chunk there can be, and goes on",
      story: `Three orders swept a thousand resting orders each, while the projection of ${homeRegion} was held up; then its engine was killed, and started again with all of that before it.`,
    },
    [sweepAndKill(homeRegion), answersBack()],
    { observes: [SWEPT] },
  ),

  "journal-slow": withoutHandover(
    {
      happens: `an append to the peer's journal takes ${SLOW_MS} ms`,
      holds:
        "answers are slower and none is lost: an acknowledgement waits for the journal, however long it takes",
      story: `The way to the peer's journal took ${SLOW_MS} ms there and back. Every acknowledgement has to wait for it: answers became slower, none came early, and none was lost.`,
    },
    [
      slowDown("journal", SLOW_MS),
      answersBack(),
      steadyAndSlow("steady with a slow journal", { atLeastMs: SLOW_MS }),
      slowDown("journal", null),
      answersBack(),
    ],
    { observes: [SLOWER] },
  ),

  "database-writer-crash": withoutHandover(
    {
      happens: "the active cell's PostgreSQL is killed, and its supervisor starts it again",
      holds: "what was acknowledged stood on a commit; trading resumes by itself, paired",
      story: `Every process of ${homeRegion}'s PostgreSQL was killed under load. Its supervisor started it again, it recovered from its log, and trading resumed without anybody's help. No acknowledgement had been given before its commit, so none could be lost.`,
    },
    [killProcess(homeRegion, "database"), answersBack(), pairedAgain()],
    { errors: true },
  ),

  "engine-crash-loop": withoutHandover(
    {
      happens: `the matching engine is killed ${KILLS} times, each time as soon as it is back`,
      holds: "each command takes effect once: chunk and progress are one transaction",
      story: `The matching engine of ${homeRegion} was killed ${KILLS} times, each time as soon as it had come back. What it had applied and how far it had come stand in one transaction, so nothing took effect twice and nothing was left out.`,
    },
    [crashLoop(homeRegion, "matching-engine-0", KILLS), answersBack()],
    { observes: [CRASHES] },
  ),

  "poison-message": withoutHandover(
    {
      happens: "malformed and nonsensical jobs are put into the queue of what comes after a trade",
      holds: "they are dropped and logged; trading goes on, for a job only says which streams have moved",
      story: `Jobs of the wrong shape, of the wrong epoch, announcing commands that do not exist, and one that is no JSON were put into the queue of ${homeRegion}. The candle worker dropped them and said so; a job carries no trade, so there was nothing to believe.`,
    },
    [poison(homeRegion), answersBack()],
    { observes: [POISON_TOLD] },
  ),

  "half-open-connections": withoutHandover(
    {
      happens: "every connection of the traders stays open, and nothing passes any more",
      holds: "traders give up, connect again and ask what became of their orders; nothing is lost or doubled",
      story:
        "Every connection between the traders and the edge fell into a black hole: open at both ends, with nothing passing, as behind a firewall that forgot its state. Traders gave up on answers, connected anew and asked by client order id; whatever had been accepted was found, once.",
    },
    [blackHole(), answersBack()],
    { errors: true },
  ),

  "clock-skew": withoutHandover(
    {
      happens: "a population of traders signs orders with clocks that are off",
      holds: "they are refused with -1021 and have no effect; the others notice nothing",
      story:
        "Traders whose clocks were off by more than recvWindow sent orders beside everybody else's. All were refused with -1021, before anything was stored; with the right clock the same orders were taken, and nobody else noticed. The clocks of the services are not moved here: that needs privileges a lab must not ask for.",
    },
    [skewedTraders()],
    { observes: [SKEWED_REFUSED, RIGHT_CLOCK_TAKEN] },
  ),

  "full-disk": withoutHandover(
    {
      happens:
        "the peer's journal has no room for another row, then its database falls behind too; both recover",
      holds:
        "no false yes: what is acknowledged in paired the peer holds; where it takes nothing, the cell goes solo",
      story: `The kernel refused the journal of ${peerRegion} any longer file (RLIMIT_FSIZE on its processes, its table filled up to the limit): every append failed. As long as ${peerRegion}'s database followed, it vouched for what it held, and trading went on, paired. Then replication stood still too: now ${peerRegion} answered and took nothing, and a yes would have been a lie. ${homeRegion} answered that it did not know, until the witness let it go on alone. Both recovered, ${peerRegion} got what it lacked, and the cells were paired as before.`,
    },
    [
      fillJournal(peerRegion),
      appendsFail(homeRegion),
      linger("the disk stays full", { forSeconds: 1 }),
      stall("replication"),
      soloWithoutFalseYes(peerRegion),
      answersBack(),
      steadyLoad("steady alone"),
      release("replication"),
      mendJournal(peerRegion),
      pairedAgain(),
      answersBack(),
    ],
    { errors: true, observes: [NO_SPACE, FALSE_YES] },
  ),
} satisfies Readonly<Record<string, Scenario>>;
