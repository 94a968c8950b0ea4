import type { Handover } from "./report.ts";

/** Checks whose figures the page shows large, and in red when they do not hold. */
export const checkNames = {
  p99: "p99 in the steady phases",
  clientGap: (kind: Handover["kind"]): string => `No acknowledgement during the ${kind}`,
} as const;
