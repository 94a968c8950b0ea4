import { milliseconds, minutes } from "@castle/regions/duration.ts";
import { describeDatabase, failDatabaseOver, switchDatabase } from "../aws/calls.ts";
import type { Finding, RetryPolicy, Step } from "../engine/step.ts";
import { isTransient } from "../engine/transient.ts";
import type { Handover } from "../handover.ts";
import { failure } from "./failure.ts";
import { fenceHolds } from "./fence-old-cell.ts";

/** A cluster in the middle of another change refuses; that passes. */
const whileTheClusterSettles: RetryPolicy = {
  attempts: Number.POSITIVE_INFINITY,
  pause: milliseconds(100),
  also: "a global cluster that is in another state for a moment",
  transient: (error) =>
    isTransient(error) || (error instanceof Error && error.name === "InvalidGlobalClusterStateFault"),
};

/**
 * Promotes the target's Aurora member, losing what it had not received: the journal beside it holds that. AWS tells of
 * 1-2 minutes, often, and of minutes at most.
 */
export const promoteDatabase: Step<Handover> = {
  name: "promote-database",
  purpose: "Fail the global database over to the target, whatever became of the old writer.",
  timeout: minutes(15),
  calls: [describeDatabase, failDatabaseOver],
  ifItFails: failure(
    "The old cell is fenced, and nothing acknowledged is lost: what the target's database lacks lies in the journal beside it. The database is a reader still, so nobody can trade.",
    [
      "Look at `aws rds describe-global-clusters --global-cluster-identifier NAME --region TARGET`: `FailoverState` and `IsWriter` tell how far the promotion is.",
      "Wait while it is `failing-over`, and run the same command again: a promotion under way is waited for, and not asked for twice.",
      "Open a case with AWS, severity critical, if it stays `pending`, or if the state is empty and the target is no writer.",
    ],
  ),
  needs: "the target's journal refuses the old epoch (or loss past the fence was consented to)",
  precondition: fenceHolds,
  retry: whileTheClusterSettles,
  isDone: async (handover) => (await isWriter(handover)) === true,
  run: async ({ to }) => {
    const { writer, movingTo } = await to.globalDatabase.describe();
    // Asked for already, by a run whose answer got lost: asking twice would be refused, or start over.
    if (writer === to.clusterArn || movingTo === to.clusterArn) return;
    await to.globalDatabase.failover(to.clusterArn);
  },
  verify: takesWrites,
};

/** The planned way: the old writer hands over its last change first. Typically half a minute on AWS. */
export const switchDatabaseOver: Step<Handover> = {
  name: "switch-database-over",
  purpose: "Switch the global database over to the target, which loses nothing.",
  timeout: minutes(15),
  calls: [describeDatabase, switchDatabase],
  ifItFails: failure(
    "The role is the target's and the old cell is fenced, so both are closed: nobody can trade. Nothing is lost; the old writer holds every command, and so does the target's journal.",
    [
      "Look at `aws rds describe-global-clusters --global-cluster-identifier NAME --region TARGET`: `FailoverState` tells how far the switchover is.",
      "Run the same command again: a switchover under way is waited for, and not asked for twice.",
      "Finish it with `castle failover --to TARGET` if the old region has failed meanwhile: it goes on in the same epoch, and loses nothing.",
    ],
  ),
  needs: "the target's journal refuses the old epoch (or loss past the fence was consented to)",
  precondition: fenceHolds,
  retry: whileTheClusterSettles,
  isDone: async (handover) => (await isWriter(handover)) === true,
  run: async ({ from, to }) => {
    const { writer, movingTo } = await to.globalDatabase.describe();
    if (writer === to.clusterArn || movingTo === to.clusterArn) return;
    await from.globalDatabase.switchover(to.clusterArn);
  },
  verify: takesWrites,
};

/**
 * AWS's documentation on checking a failover: an empty FailoverState proves nothing; the member must be told to be the
 * writer, and must be one.
 */
async function isWriter({ to }: Handover): Promise<Finding> {
  // The database first: it answers faster than a control plane.
  if (!(await to.cell.database.isWriter())) return `the database in ${to.region} is a reader still`;
  const { writer } = await to.globalDatabase.describe();
  return writer === to.clusterArn || `the global database names ${writer ?? "no member"} as its writer`;
}

async function takesWrites(handover: Handover): Promise<Finding> {
  const finding = await isWriter(handover);
  if (finding === true) await handover.to.cell.database.canaryWrite();
  return finding;
}
