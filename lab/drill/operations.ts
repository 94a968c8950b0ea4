import { once } from "node:events";
import { createServer } from "node:net";
import { agreesAhead } from "@castle/dr-runbooks/approvals/ahead.ts";
import { HandoverRefused } from "@castle/dr-runbooks/runbooks/errors.ts";
import type { ExecutionResult } from "@castle/dr-runbooks/runbooks/result.ts";
import { runFailover } from "@castle/dr-runbooks/runbooks/run.ts";
import type { CellRegion, Target } from "@castle/dr-runbooks/target.ts";
import { WitnessUnreachable } from "@castle/regions/witness/errors.ts";
import type { Lab } from "../lab.ts";
import { now } from "../traders/clock.ts";
import type { Act } from "./acts.ts";
import { observation } from "./observation.ts";
import { giveCommand } from "./operator-command.ts";
import type { Stage } from "./stage.ts";

const act = (name: string, play: Act["play"]): Act => ({ kind: "act", name, play });

/** Whatever an operator does from here on is no answer to an earlier fault any more. */
function handedOver(stage: Stage, result: ExecutionResult, commandedAt: number): void {
  const { fault } = stage;
  stage.handovers.push({ result, since: fault?.at ?? commandedAt, noticedAt: fault?.noticedAt ?? null });
  stage.fault = null;
}

/** A failover by an operator whose every packet to the old cell vanishes: connections open, and nobody answers. */
export const failOverBlind = (to: CellRegion, old: CellRegion): Act =>
  act(`failover to ${to}, blind for ${old}`, async (stage) => {
    const commandedAt = now();
    const hole = createServer(() => undefined).listen({ port: 0, host: "127.0.0.1" });
    await once(hole, "listening");
    try {
      const address = hole.address();
      if (address === null || typeof address === "string") throw new Error("a black hole needs a port");
      const result = await runFailover({
        target: blindFor(old, stage.lab.target, address.port),
        ...{ to, stop: stage.signal },
        onEvent: (event) => stage.chronicle.tell({ kind: "step", event }),
      });
      handedOver(stage, result, commandedAt);
    } finally {
      hole.close();
    }
  });

function blindFor(region: CellRegion, target: Target, port: number): Target {
  const nowhere = (url: string): string => {
    const changed = new URL(url);
    changed.port = String(port);
    return String(changed);
  };
  const { databaseUrl, journalUrl, redisUrl, ...rest } = target.cells[region];
  const cell = {
    ...rest,
    databaseUrl: nowhere(databaseUrl),
    journalUrl: nowhere(journalUrl),
    redisUrl: nowhere(redisUrl),
  };
  return { ...target, cells: { ...target.cells, [region]: cell } };
}

export const SECOND_OPERATOR = "A second operator continued the same failover";

/** The runner is killed behind a step; somebody else gives the same command, and it goes on from there. */
export const failOverTwice = (to: CellRegion, killedBehind: string): Act =>
  act(`failover to ${to}, its runner killed behind ${killedBehind}`, async (stage) => {
    const commandedAt = now();
    const reached = await killedRunner(stage, to, killedBehind);
    const result = await runFailover({
      ...{ target: stage.lab.target, to, stop: stage.signal },
      onEvent: (event) => stage.chronicle.tell({ kind: "step", event }),
    });
    handedOver(stage, result, commandedAt);
    stage.observed.push(
      observation(SECOND_OPERATOR, {
        wanted: `resumed behind ${killedBehind}`,
        found: reached
          ? result.resumed
            ? `resumed behind ${killedBehind}`
            : "begun anew"
          : "the first one was not killed there",
        ok: reached && result.resumed,
      }),
    );
  });

/** @returns whether it was killed where it was to be */
async function killedRunner({ lab, signal }: Stage, to: CellRegion, behind: string): Promise<boolean> {
  let killed = false;
  await giveCommand(
    lab,
    ["failover", "--to", to],
    ({ kind, step }, runner) => {
      if (!killed && kind === "step-done" && step === behind) killed = runner.kill("SIGKILL");
    },
    signal,
  );
  return killed;
}

/** What a failover is refused with that nobody consented to; null when it went through. */
const refusalOf = ({ target }: Lab, to: CellRegion): Promise<unknown> =>
  runFailover({ target, to }).then(
    () => null,
    (error: unknown) => error,
  );
const inShort = (refusal: unknown): string =>
  refusal === null ? "it went through" : String(refusal).slice(0, 200);

export const REFUSED_BLIND = "Failover without the witness";

/** Without the witness nobody can tell who is active: no handover may begin, and the operator is told why. */
export const refusedWithoutWitness = (to: CellRegion): Act =>
  act("a failover is refused", async ({ lab, observed }) => {
    const told = await refusalOf(lab, to);
    observed.push(
      observation(REFUSED_BLIND, {
        wanted: "refused: the witness did not answer",
        found: inShort(told),
        ok: told instanceof WitnessUnreachable,
      }),
    );
  });

export const CONSENT_ASKED = "Failover out of solo without consent";

/** Out of solo, first without consent, which must be refused, then with it. */
export const failOverWithConsent = (to: CellRegion): Act =>
  act(`failover to ${to}, with consent to loss`, async (stage) => {
    const { lab, observed, signal, chronicle } = stage;
    const commandedAt = now();
    const refusal = await refusalOf(lab, to);
    observed.push(
      observation(CONSENT_ASKED, {
        wanted: "refused: solo needs consent",
        found: inShort(refusal),
        ok: refusal instanceof HandoverRefused && refusal.refusal === "solo-needs-consent",
      }),
    );
    const { exposure } = stage;
    if (exposure === null) throw new Error("nobody consents to a loss that was not measured");
    const result = await runFailover({
      ...{ target: lab.target, to, consentToLoss: true, stop: signal },
      approver: agreesAhead("failover", lab.target),
      onEvent: (event) => chronicle.tell({ kind: "step", event }),
    });
    stage.givenUp = { atMost: exposure.commands, from: exposure.since, to: now() };
    handedOver(stage, result, commandedAt);
  });
