import type { Preview } from "./preview.ts";
import { spanOf } from "./time-to-live.ts";

const HEAD = ["STACK", "BRANCH", "BY", "AGE", "LEFT", "RESOURCES"];

/** Every preview, a line each. Pure. */
export function tellPreviews(previews: readonly Preview[], now: number): string[] {
  if (previews.length === 0) return ["no previews"];
  const rows = [
    HEAD,
    ...previews.map(({ stack, branch, by, createdAt, expiresAt, resources, updating }) => [
      stack,
      branch ?? "unknown",
      by ?? "unknown",
      createdAt === null ? "unknown" : spanOf(now - createdAt),
      leftOf(expiresAt, now),
      `${resources ?? "unknown"}${updating ? " (changing)" : ""}`,
    ]),
  ];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function leftOf(expiresAt: number | null, now: number): string {
  if (expiresAt === null) return "unknown";
  return expiresAt > now ? spanOf(expiresAt - now) : "expired";
}
