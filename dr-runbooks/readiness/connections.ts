import { cellRegions } from "@castle/regions/catalogue.ts";
import { DynamoWitness } from "@castle/regions/witness/dynamodb.ts";
import { loadSdk } from "../aws/sdk.ts";
import { Cell } from "../cells/cell.ts";
import { type AwsClients, awsClients } from "../clients.ts";
import { type CellCluster, cellCluster } from "../kubernetes/cluster.ts";
import type { CellRegion, Target } from "../target.ts";

/** Everything that readiness is looked up in. Loaded at once, connected when first used, and kept from look to look. */
export interface Connections {
  readonly target: Target;
  readonly aws: AwsClients;
  readonly witness: DynamoWitness;
  cell(region: CellRegion): Cell;
  /** null when the target names no cluster for the cell. */
  cluster(region: CellRegion): CellCluster | null;
  close(): Promise<void>;
}

export function connectTo(target: Target): Connections {
  const aws = awsClients(target);
  const witness = new DynamoWitness(target.witness);
  const cells = cellRegions.map((region) => new Cell(region, target.cells[region]));
  // Before any check has its time to answer in: loading holds up all of them.
  for (const cell of cells) cell.load();
  loadSdk();
  const clusters = new Map(cellRegions.map((region) => [region, cellCluster(target, region, aws)]));
  return {
    ...{ target, aws, witness },
    cell: (region) => {
      const found = cells.find((cell) => cell.region === region);
      if (!found) throw new Error(`${region} holds no cell`);
      return found;
    },
    cluster: (region) => clusters.get(region) ?? null,
    close: async () => {
      aws.close();
      witness.close();
      await Promise.all(cells.map((cell) => cell.close()));
    },
  };
}
