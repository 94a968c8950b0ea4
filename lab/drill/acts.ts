import { setTimeout as elapse } from "node:timers/promises";
import { LookBefore } from "@castle/dr-runbooks/readiness/around.ts";
import type { Mark } from "@castle/dr-runbooks/report/report.ts";
import type { HandoverKind } from "@castle/dr-runbooks/runbooks/plan.ts";
import { runFailover, runSwitchover } from "@castle/dr-runbooks/runbooks/run.ts";
import type { CellRegion } from "@castle/dr-runbooks/target.ts";
import type { Mode } from "@castle/regions/role.ts";
import type { LinkChannel } from "../link/channels.ts";
import { until } from "../processes/until.ts";
import { now } from "../traders/clock.ts";
import type { SecondFigures } from "../traders/figures.ts";
import { disturbanceBeside, failing, worksOffBacklog } from "./calm.ts";
import type { Stage } from "./stage.ts";

/** One thing a story does, or waits for. Each wait is for a condition, and fails by name when its time is up. */
export interface Act {
  readonly kind: Mark["kind"];
  readonly name: string;
  readonly play: (stage: Stage) => Promise<void>;
}

const deadlines = {
  answers: 60_000,
  detection: 60_000,
  pairing: 120_000,
  demotion: 60_000,
  backlog: 60_000,
} as const;

/** Where speed is judged, a rate that rises for half of the time; see play.ts. */
const WARM_UP_MS = { judged: 6_000, unjudged: 1_000 } as const;
/** Nothing acknowledged for so long is what traders call an outage. */
const SILENCE_MS = 300;
/** Of a wait for answers that was in vain: what disturbed the last ones of its seconds. */
const TOLD_SECONDS = 5;

const act = (kind: Mark["kind"], name: string, play: Act["play"]): Act => ({ kind, name, play });

/** Load that no figure counts: connections, caches and compiled code get warm. */
export const warmUp = (): Act =>
  act("act", "warm-up, not judged", async (stage) => {
    const { judged, unjudged } = WARM_UP_MS;
    await elapse(stage.options.judgeSpeed ? judged : unjudged, undefined, { signal: stage.signal });
    await untilAnswered(stage, now() - 1_000);
    await untilMode(stage, "paired");
  });

/** Undisturbed load for as long as the options say. */
export const steadyLoad = (name: string): Act =>
  act("steady", name, ({ options, signal }) => elapse(options.seconds * 1_000, undefined, { signal }));

/** Every process of the region is killed at once. */
export const kill = (region: CellRegion): Act =>
  fault(`${region} killed`, ({ lab }) => lab.region(region).kill());

/** Every process of the region stops where it is, its connections open. */
export const freeze = (region: CellRegion): Act =>
  fault(`${region} frozen`, ({ lab }) => lab.region(region).freeze());

/** The frozen region goes on, as if no time had passed. */
export const thaw = (region: CellRegion): Act =>
  act("fault", `${region} wakes up`, ({ lab }) => lab.region(region).thaw());

/** Until each gateway of the region says something, whatever it is: what was frozen has yet to be scheduled. */
export const awake = (region: CellRegion): Act =>
  act("act", `${region} answers again`, ({ lab, signal }) =>
    until(
      async () => {
        await Promise.all(lab.internalUrl(region, "order-gateway").map(isActive));
        return true;
      },
      { what: `every gateway of ${region} to answer`, withinMs: deadlines.answers, everyMs: 50, signal },
    ),
  );

/** One process dies; the supervisor brings it back by itself, as Kubernetes or RDS would. */
export const killProcess = (region: CellRegion, name: string): Act =>
  act("fault", `${name} of ${region} killed`, ({ lab }) => lab.process(region, name).kill());

/** Every connection between the two cells breaks, and new ones are refused. */
export const cutLink = (): Act => act("fault", "link cut", ({ lab }) => lab.link.cut());

export const healLink = (): Act => act("act", "link healed", ({ lab }) => lab.link.heal());

/** Remembers when it struck: the next handover counts from there. */
const fault = (name: string, strike: (stage: Stage) => Promise<void>): Act =>
  act("fault", name, async (stage) => {
    stage.fault = { at: now(), noticedAt: null };
    await strike(stage);
  });

/** Until an operator sees it: the accelerator finds nothing healthy there, and traders get no acknowledgement. */
export const detectLoss = (region: CellRegion): Act =>
  act("act", "detection", async (stage) => {
    const { operator, traders, signal } = stage;
    if (stage.looks) stage.look = new LookBefore(stage.lab.target);
    await until(
      async () =>
        now() - (traders.lastAcknowledgedAt ?? 0) > SILENCE_MS && (await operator.regionLooksLost(region)),
      {
        what: `the loss of ${region} to show at the edge`,
        withinMs: deadlines.detection,
        everyMs: 50,
        signal,
      },
    );
    if (stage.fault) stage.fault.noticedAt = now();
  });

/** Exactly what `castle failover` and `castle switchover` do. */
export const handOver = (kind: HandoverKind, to: CellRegion): Act =>
  act("act", `${kind} to ${to}`, async (stage) => {
    const commandedAt = now();
    const result = await (kind === "failover" ? runFailover : runSwitchover)({
      target: stage.lab.target,
      to,
      onEvent: (event) => stage.chronicle.tell({ kind: "step", event }),
      onAwaiting: (what) => stage.chronicle.tell({ kind: "awaiting", what }),
      stop: stage.signal,
      look: stage.look ?? stage.looks,
    });
    stage.look = null;
    stage.handovers.push({
      result,
      since: stage.fault?.at ?? commandedAt,
      noticedAt: stage.fault?.noticedAt ?? null,
    });
    stage.fault = null;
  });

/** Until traders have their answers again, at the requested rate, without errors, and nothing piled up is left. */
export const answersBack = (): Act => act("act", "answers return", (stage) => untilAnswered(stage, now()));

/** The region comes back as standby. */
export const restore = (region: CellRegion): Act =>
  act("act", `${region} restored`, ({ lab }) => lab.region(region).restore());

/** Until every acknowledged command is durable in both regions again. */
export const pairedAgain = (): Act => act("act", "pairing", (stage) => untilMode(stage, "paired"));

/** Until the active cell goes on alone, with the witness's leave. */
export const soloInstead = (): Act => act("act", "going solo", (stage) => untilMode(stage, "solo"));

/** The channel of the link carries nothing any more, and nobody is told. */
export const stall = (channel: LinkChannel): Act =>
  act("fault", `${channel} out of reach`, ({ lab }) => lab.link.stall(channel));

/** Load goes on for a moment: what goes wrong unseen now, the audit finds later. */
export const linger = (name: string, { forSeconds }: { readonly forSeconds: number }): Act =>
  act("act", name, ({ signal }) => elapse(forSeconds * 1_000, undefined, { signal }));

/** One channel of the link carries nothing any more, until so much load was acknowledged without it. */
export const holdBack = (channel: LinkChannel, { forSeconds }: { readonly forSeconds: number }): Act =>
  act("fault", `${channel} held back`, async ({ lab, traders, options, signal }) => {
    await lab.link.stall(channel);
    const from = now();
    const wanted = (options.rps * forSeconds) / 2;
    await until(
      async () =>
        (await traders.figures([{ from, to: now() }])).acknowledged >= wanted &&
        now() - from >= forSeconds * 1_000,
      {
        what: `${wanted} acknowledgements while ${channel} is held back`,
        withinMs: deadlines.backlog,
        signal,
      },
    );
  });

export const release = (channel: LinkChannel): Act =>
  act("act", `${channel} goes on`, ({ lab }) => lab.link.resume(channel));

/** Until no gateway of the region takes itself for active any more. */
export const awaitDemotion = (region: CellRegion): Act =>
  act("act", `${region} steps down`, ({ lab, signal }) =>
    until(
      async () => {
        const answers = await Promise.all(lab.internalUrl(region, "order-gateway").map(isActive));
        return answers.every((active) => !active);
      },
      { what: `every gateway of ${region} to step down`, withinMs: deadlines.demotion, everyMs: 50, signal },
    ),
  );

async function isActive(internalUrl: string): Promise<boolean> {
  const { ok } = await fetch(new URL("/healthz/active", internalUrl), { signal: AbortSignal.timeout(1_000) });
  return ok;
}

/** Until a whole second that began after `since` was undisturbed. */
const untilAnswered = (stage: Stage, since: number): Promise<void> =>
  untilSecond(stage, since, {
    what: `undisturbed answers at ${stage.options.rps} requests a second`,
    disturbedBy: (second) => disturbanceBeside(second, stage.options.rps, stage.heldByOthers),
    withinMs: deadlines.answers,
  });

/** Until traders had a whole second of answers without an error, however slow the machine is at it. */
export const answersWithoutErrors = (stage: Stage, withinMs: number): Promise<void> =>
  untilSecond(stage, now(), {
    what: "answers without errors",
    disturbedBy: (second) => failing(second, stage.options.rps),
    withinMs,
  });

async function untilSecond(
  { traders, options, signal }: Stage,
  since: number,
  wanted: {
    readonly what: string;
    readonly disturbedBy: (second: SecondFigures | null) => string | null;
    readonly withinMs: number;
  },
): Promise<void> {
  const disturbed = new Map<number, string>();
  // The longer the outage, the longer its backlog: no patience runs out while it gets shorter.
  const worksOff = new Set<number>();
  await until(
    () => {
      const second = traders.stats();
      const because = wanted.disturbedBy(second);
      if (because !== null) disturbed.set(second?.t ?? 0, because);
      if (second && worksOffBacklog(second, options.rps)) worksOff.add(second.t);
      if (because === null && second !== null && second.t >= since) return true;
      return { reached: worksOff.size, words: `a backlog worked off for ${worksOff.size} s` };
    },
    {
      what: () =>
        `${wanted.what} (${[...disturbed.values()].slice(-TOLD_SECONDS).join("; ") || "not a whole second yet"})`,
      ...{ withinMs: wanted.withinMs, signal },
    },
  );
}

async function untilMode({ operator, signal }: Stage, wanted: Mode): Promise<void> {
  let seen = "nothing yet";
  await until(
    async () => {
      const { mode, activeRegion, epoch } = await operator.witness();
      seen = `${activeRegion} ${mode} in epoch ${epoch}`;
      return mode === wanted;
    },
    {
      what: () => `the witness to tell "${wanted}" (seen: ${seen})`,
      withinMs: deadlines.pairing,
      everyMs: 50,
      signal,
    },
  );
}
