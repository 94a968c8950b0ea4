import type { CellRegion, Target } from "../target.ts";

/**
 * Asked before anything is begun: a handover that takes the role and then cannot enter the cell would leave nobody
 * active. @throws Error that says why there are no credentials for the region's cell
 */
export function requireCredentials({ cells }: Pick<Target, "cells">, region: CellRegion): void {
  const { withheld } = cells[region];
  if (withheld !== undefined) throw new Error(`${withheld}; nothing was begun`);
}
