import { minutes } from "@castle/regions/duration.ts";
import { describeDatabase, readWitness } from "../aws/calls.ts";
import type { Finding, Step } from "../engine/step.ts";
import { awaited, isSo } from "../runbooks/operations/await.ts";
import type { Operation } from "../runbooks/operations/operation.ts";
import { failure } from "./failure.ts";
import { endsByStream, type StreamEnd, shortOf, sumReached } from "./stream-ends.ts";

const NAME = "rejoin-database";

/** Nothing brings back what AWS has taken out of the global database. */
export class NotAMember extends Error {
  constructor(region: string, clusterArn: string) {
    super(
      `${clusterArn} is no member of the global database any more, so it will not rejoin by itself. Keep what is to be reconciled (castle reconcile --old-writer), remove that cluster, create a secondary in ${region} (the infrastructure's stack does, or: aws rds create-db-cluster --global-cluster-identifier … --region ${region}), then run this again`,
    );
    this.name = "NotAMember";
  }
}

/** A member that comes back is rewound or rebuilt by the global database itself: this waits for the end of it. */
export const rejoinDatabase: Step<Operation> = {
  name: NAME,
  purpose: "Wait until the cell's database is a reader that follows the active cell's, in its epoch.",
  timeout: minutes(60),
  calls: [readWitness, describeDatabase],
  ifItFails: failure(
    "The cell has no database to take over with. Trading goes on in the active cell, in one region.",
    [
      "Read what RDS tells of the member (aws rds describe-global-clusters).",
      "Run the command again once it is synchronizing; rebuild the secondary if it is no member any more.",
    ],
  ),
  isDone: (operation) => isSo(async () => follows(operation, await operation.active.cell.database.streams())),
  run: async (operation, at) => {
    const ends = await operation.active.cell.database.streams();
    await awaited(operation, NAME, () => follows(operation, ends), at);
  },
};

/** `ends`: of the active cell's streams when the waiting began; they move on for ever. */
async function follows({ cell, active, plan }: Operation, ends: readonly StreamEnd[]): Promise<Finding> {
  const { synchronization, writer } = await active.globalDatabase.describe();
  const state = synchronization.get(cell.clusterArn);
  if (state === undefined) throw new NotAMember(cell.region, cell.clusterArn);
  if (writer !== active.clusterArn)
    return `the global database names ${writer ?? "no member"} as its writer, not ${active.clusterArn}`;
  if (state !== "connected") return `RDS tells that the member in ${cell.region} is ${state}`;
  const role = await cell.cell.database.role();
  if (role.writer)
    return `the database in ${cell.region} is a writer still; it is rewound or rebuilt by itself`;
  if (role.epoch !== plan.epoch || role.region !== active.region)
    return `the database in ${cell.region} shows epoch ${role.epoch} of ${role.region}, not ${plan.epoch} of ${active.region}`;
  const received = endsByStream(await cell.cell.database.streams());
  const behind = shortOf(ends, received);
  if (behind.length === 0) return true;
  return {
    reached: sumReached(ends, received),
    words: `the database in ${cell.region} has ${behind.join(", ")}`,
  };
}
