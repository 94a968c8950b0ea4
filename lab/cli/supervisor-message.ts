import type { RunningLab } from "./supervise.ts";

/** What a supervisor tells the command that started it. */
export type SupervisorMessage =
  | { readonly kind: "progress"; readonly line: string }
  | { readonly kind: "ready"; readonly lab: RunningLab }
  | { readonly kind: "failed"; readonly error: string };
