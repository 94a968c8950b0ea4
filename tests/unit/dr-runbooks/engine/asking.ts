import type { Approval } from "@castle/dr-runbooks/engine/approval.ts";
import { defineRunbook, type Part, type Runbook } from "@castle/dr-runbooks/engine/runbook.ts";
import { minutes } from "@castle/regions/duration.ts";
import { passed, type World } from "./world.ts";

/** An approval that anybody may give, of what has happened so far. */
export const approval = (more: Partial<Approval<World>> = {}): Approval<World> => ({
  name: "hold",
  purpose: "Go on.",
  asks: async ({ effects }) => ({ figures: [`${effects.length} effects so far`] }),
  counts: minutes(5),
  word: () => "yes",
  ahead: true,
  ...more,
});

/** A runbook of these parts, whose point of no return is the step `point`. */
export const runbook = (...parts: Part<World>[]): Runbook<World> =>
  defineRunbook({ name: "test", purpose: "Tests approvals.", parts, pointOfNoReturn: passed });
