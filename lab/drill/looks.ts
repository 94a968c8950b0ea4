import { setTimeout as elapse } from "node:timers/promises";
import { measureExposure } from "@castle/dr-runbooks/runbooks/exposure.ts";
import type { CellRegion } from "@castle/dr-runbooks/target.ts";
import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { LEASE } from "@castle/regions/witness/lease.ts";
import { now } from "../traders/clock.ts";
import type { Act } from "./acts.ts";
import { observation } from "./observation.ts";
import type { Stage } from "./stage.ts";

const act = (name: string, play: Act["play"]): Act => ({ kind: "act", name, play });

/** An acknowledgement may leave just before the lease ends, and be on its way for so long. Milliseconds. */
const ON_ITS_WAY_MS = 500;
const WATCHED_MS = 1_500;

export const SILENCE = "Acknowledged by a cell that can reach neither witness nor peer";

/** Nobody can tell the cell whether it is still the active one: once its lease is over, it must say nothing more. */
export const mustFallSilent = (region: CellRegion): Act =>
  act(`${region} falls silent`, async ({ traders, observed, signal }) => {
    const limit = LEASE.ms + ON_ITS_WAY_MS;
    const from = now();
    await elapse(limit + WATCHED_MS, undefined, { signal });
    const late = (traders.lastAcknowledgedAt ?? 0) - from;
    observed.push(
      observation(SILENCE, {
        wanted: `nothing later than ${limit} ms`,
        found: late <= 0 ? "nothing" : `the last after ${Math.round(late)} ms`,
        ok: late <= limit,
      }),
    );
  });

export const SLOWER = "Answers waited for the slow journal";

/** Load for the length of a steady phase, which must show that the fault was one: half of the answers took that long. */
export const steadyAndSlow = (name: string, { atLeastMs }: { readonly atLeastMs: number }): Act => ({
  kind: "steady",
  name,
  play: async ({ options, traders, observed, signal }) => {
    const from = now();
    await elapse(options.seconds * 1_000, undefined, { signal });
    const p50 = (await traders.figures([{ from, to: now() - 2 * atLeastMs }])).latencyMs?.p50 ?? null;
    observed.push(
      observation(SLOWER, {
        wanted: `p50 of at least ${atLeastMs} ms`,
        found: p50 === null ? "no answer" : `${Math.round(p50)} ms`,
        ok: p50 !== null && p50 >= atLeastMs,
      }),
    );
  },
});

/** The gateways stand still for good: what may be lost does not grow any more. Then it is measured, and told. */
export const measureLoss = (active: CellRegion, peer: CellRegion): Act =>
  act("exposure measured", async (stage) => {
    for (const gateway of gatewaysOf(stage, active)) gateway.freeze();
    const { held, accepted, since } = await exposureOf(stage, peer);
    if ("unreachable" in held || "unreachable" in accepted)
      throw new Error("the exposure cannot be counted: a cell does not answer the operator");
    const atMost = [...accepted].reduce(
      (sum, [stream, seq]) => sum + Math.max(0, seq - (held.get(stream) ?? 0)),
      0,
    );
    stage.chronicle.tell({ kind: "note", text: `${peer} lacks ${atMost} commands at this moment` });
    stage.exposure = { commands: atMost, since };
  });

/** What a handover to the region would lose now, as an operator would measure it. */
export async function exposureOf({ lab }: Stage, to: CellRegion) {
  const witness = new DynamoWitness(lab.target.witness);
  try {
    return await measureExposure(lab.target, to, await witness.inspect());
  } finally {
    witness.close();
  }
}

const gatewaysOf = ({ lab }: Stage, region: CellRegion) =>
  lab.region(region).processes.filter(({ name }) => name.startsWith("order-gateway"));
