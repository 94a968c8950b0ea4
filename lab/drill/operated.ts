import { homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import {
  type Act,
  answersBack,
  awaitDemotion,
  cutLink,
  detectLoss,
  handOver,
  healLink,
  kill,
  linger,
  pairedAgain,
  restore,
  soloInstead,
  steadyLoad,
  warmUp,
} from "./acts.ts";
import type { Promises } from "./checks.ts";
import { cutOff, REFUSED_CALLS, reconnect, throttled } from "./faults.ts";
import { measureLoss } from "./looks.ts";
import {
  CONSENT_ASKED,
  failOverBlind,
  failOverTwice,
  failOverWithConsent,
  SECOND_OPERATOR,
} from "./operations.ts";
import type { Scenario } from "./scenarios.ts";
import { short } from "./self-healing.ts";

const withHandover = (
  told: Pick<Scenario, "happens" | "holds"> & { readonly story: string },
  between: readonly Act[],
  promises: Partial<Promises> & Pick<Promises, "handovers">,
  patientShare = 0,
): Scenario => ({
  ...told,
  story: () => told.story,
  acts: [warmUp(), steadyLoad(`steady in ${homeRegion}`), ...between],
  promises: {
    errors: true,
    replays: false,
    ends: { activeRegion: peerRegion, mode: "paired" },
    ...promises,
  },
  patientShare,
  defaults: short,
});

/** Stories in which an operator hands the role over, under conditions no operator asks for. */
export const operated = {
  "planned-switchover": withHandover(
    {
      happens: "an operator switches over to the other region, both being well",
      holds: "nothing is lost and no consent is asked: the old cell is drained before the role moves",
      story: `An operator switched over from ${homeRegion} to ${peerRegion}, both being well: ${homeRegion} stopped accepting, was drained, and followed.`,
    },
    [handOver("switchover", peerRegion), answersBack(), pairedAgain(), steadyLoad(`steady in ${peerRegion}`)],
    { handovers: ["switchover"] },
  ),

  failback: withHandover(
    {
      happens: "a switchover to the other region, and the next one home",
      holds: "the way back is the way there: a cell that gave up the role is as good a standby as any",
      story: `The role went to ${peerRegion} by a switchover and came home by another: a failback is nothing else.`,
    },
    [
      handOver("switchover", peerRegion),
      answersBack(),
      pairedAgain(),
      handOver("switchover", homeRegion),
      answersBack(),
      pairedAgain(),
      steadyLoad(`steady in ${homeRegion} again`),
    ],
    { handovers: ["switchover", "switchover"], ends: { activeRegion: homeRegion, mode: "paired" } },
  ),

  "operator-cut-off": withHandover(
    {
      happens: "the operator cannot reach the old cell, which lives and trades; failover all the same",
      holds:
        "the old cell acknowledges nothing stale: the fence stands in the new cell's journal, not in the old one",
      story: `The operator lost all sight of ${homeRegion}, which lived, traded, and could not ask the witness either. A failover to ${peerRegion} needed nothing of it: the fence was raised in ${peerRegion}'s journal, on which every acknowledgement of ${homeRegion} depends. ${homeRegion} could say nothing more, learnt why, and came back as standby.`,
    },
    [
      cutOff(homeRegion, "witness"),
      failOverBlind(peerRegion, homeRegion),
      linger(`${homeRegion} believes itself active`, { forSeconds: 2 }),
      reconnect(homeRegion, "witness"),
      awaitDemotion(homeRegion),
      answersBack(),
      pairedAgain(),
      steadyLoad(`steady in ${peerRegion}`),
    ],
    { handovers: ["failover"] },
    0.5,
  ),

  "failover-during-failover": withHandover(
    {
      happens:
        "the operator's runner dies in the middle of a failover; a second operator gives the same command",
      holds:
        "one epoch, one execution: it goes on behind the last step that is done, and nothing is done twice",
      story: `${homeRegion} was lost. The runner of the failover to ${peerRegion} was killed right behind the fence; a second operator gave the same command, and it went on where the first had ended, in the same epoch.`,
    },
    [
      kill(homeRegion),
      detectLoss(homeRegion),
      failOverTwice(peerRegion, "fence-old-cell"),
      answersBack(),
      steadyLoad(`steady in ${peerRegion}`),
      restore(homeRegion),
      pairedAgain(),
      answersBack(),
    ],
    { handovers: ["failover"], observes: [SECOND_OPERATOR] },
  ),

  "control-plane-throttled": withHandover(
    {
      happens:
        "a region is lost while AWS's control planes refuse half of all calls, the accelerator's all of them",
      holds: "the failover asks again and goes through; no global service's control plane is on its way",
      story: `${homeRegion} was lost while AWS refused every other call: RDS as too many, ElastiCache with errors of its own, and Global Accelerator every single one. The failover asked again and went through. Health checks moved the traffic; the accelerator's weights, which nobody could set, are no part of the way.`,
    },
    [
      kill(homeRegion),
      detectLoss(homeRegion),
      throttled(handOver("failover", peerRegion)),
      answersBack(),
      steadyLoad(`steady in ${peerRegion}`),
    ],
    {
      handovers: ["failover"],
      observes: [REFUSED_CALLS],
      ends: { activeRegion: peerRegion, mode: "solo" },
    },
  ),

  "loss-in-solo": withHandover(
    {
      happens: "the peer is cut off, the active cell goes solo, and then it is lost too",
      holds: "failover only with consent; what is lost is no more than was told before, and it is told",
      story: `The link was cut and ${homeRegion} went solo: what it acknowledged stood there alone. Then it was lost too. A failover was refused without consent, which names what is at stake. With consent ${peerRegion} took over what it held. Acknowledgements were lost, as told: the audit counts each of them, and no more of them than had been told.`,
    },
    [
      cutLink(),
      soloInstead(),
      answersBack(),
      measureLoss(homeRegion, peerRegion),
      kill(homeRegion),
      detectLoss(homeRegion),
      failOverWithConsent(peerRegion),
      answersBack(),
      healLink(),
      restore(homeRegion),
      pairedAgain(),
      answersBack(),
      steadyLoad(`steady in ${peerRegion}`),
    ],
    { handovers: ["failover"], losses: true, observes: [CONSENT_ASKED] },
  ),
} satisfies Readonly<Record<string, Scenario>>;
