import { seconds } from "@castle/regions/duration.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { describeCache, describeDatabase, describeDatabaseFromOld, readWitness } from "../aws/calls.ts";
import { until } from "../engine/poll.ts";
import type { Finding, Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";
import { failure } from "./failure.ts";
import { endsByStream, shortOf } from "./stream-ends.ts";

/**
 * Looks at everything a switchover needs, all at once; that opens the connections, too, before the gate closes. What
 * can pass by itself (a reader that lags, a cell about to be paired) is given the step's time to.
 */
export const checkReady: Step<Handover> = {
  name: "check-ready",
  purpose:
    "See that both cells are paired and answer, and that the target's database and cache follow closely.",
  timeout: seconds(5),
  calls: [readWitness, describeDatabaseFromOld, describeDatabase, describeCache],
  ifItFails: failure(
    "Nothing has been changed, and the active cell trades on. A handover now would take long, or could not keep its promise to lose nothing.",
    [
      "Read the error: it names everything that is missing, at once.",
      "Bring that back, and see with `castle status` that the cells are paired.",
      "Run the same command again.",
      "Use `castle failover` instead only when the active region is lost: it does not ask whether both are well.",
    ],
  ),
  // A dry run looks at preconditions, and this is what it most wants to know.
  needs: "both cells are paired and well, and the target follows closely",
  precondition: readiness,
  run: (handover, at) => until(() => readiness(handover), at),
};

async function readiness(handover: Handover): Promise<Finding> {
  const missing = (await Promise.all(looks.map((look) => look(handover)))).flat();
  return missing.length === 0 || missing.join("; ");
}

type Look = (handover: Handover) => Promise<string[]>;

const saysWitness: Look = async ({ witness, plan }) => {
  const { epoch: held, activeRegion, mode } = await witness.read();
  if (held !== plan.epoch - 1 || activeRegion !== plan.from)
    return [
      `the witness names ${activeRegion} in epoch ${held}, not ${plan.from} in epoch ${plan.epoch - 1}`,
    ];
  return mode === "paired" ? [] : [`the cells are not paired: epoch ${held} is ${mode}`];
};

const oldCellIsActive: Look = async ({ from, plan, resumed }) => {
  const role = await from.cell.database.role();
  const missing: string[] = [];
  if (!role.writer) missing.push(`the database in ${from.region} is not the writer`);
  if (role.epoch !== plan.epoch - 1 || role.region !== plan.from)
    missing.push(`the database in ${from.region} is at epoch ${role.epoch} of ${role.region}`);
  // A run that was killed behind close-old-cell left it closed.
  if (role.gate !== "open" && !resumed) missing.push(`the gate of ${from.region} is ${role.gate}`);
  if (role.durability !== "paired") missing.push(`${from.region} acknowledges ${role.durability}`);
  return missing;
};

const databaseFollows: Look = async ({ from, to }) => {
  const accepted = await from.cell.database.streams();
  const received = endsByStream(await to.cell.database.streams());
  return shortOf(accepted, received, CLOSE).map((short) => `the database in ${to.region} has ${short}`);
};

/** Commands of one stream that a reader may be behind: what a busy second brings, and drains in no time. */
const CLOSE = 200;

const journalAnswers: Look = async ({ to, plan }) => {
  const held = await to.cell.journal.epoch();
  return held === epoch(plan.epoch - 1)
    ? []
    : [`the journal in ${to.region} is at epoch ${held}, not at ${plan.epoch - 1}`];
};

const cachesFollow: Look = async ({ from, to }) => {
  const [old, next] = await Promise.all([from.cell.cache.role(), to.cell.cache.role()]);
  const missing: string[] = [];
  if (old !== "master") missing.push(`the cache in ${from.region} is a ${old}, not the primary`);
  if (next !== "slave") missing.push(`the cache in ${to.region} is a ${next}, not a replica`);
  return missing;
};

const awsAgrees: Look = async ({ from, to }) => {
  const [database, cache] = await Promise.all([
    from.globalDatabase.describe(),
    to.globalCache.describe(),
    to.globalDatabase.describe(),
  ]);
  const missing: string[] = [];
  if (database.writer !== from.clusterArn)
    missing.push(`the global database names ${database.writer ?? "no member"} as its writer`);
  if (database.movingTo !== null) missing.push(`the global database is moving to ${database.movingTo}`);
  const follows = database.synchronization.get(to.clusterArn);
  if (follows === "unknown")
    missing.push("RDS does not report whether the target's member of the global database is connected");
  else if (follows !== "connected")
    missing.push(`the target's member of the global database is ${follows ?? "not in it"}, not connected`);
  if (cache.primary !== from.replicationGroupId)
    missing.push(`the global datastore names ${cache.primary ?? "no member"} as its primary`);
  return missing;
};

const looks: readonly Look[] = [
  saysWitness,
  oldCellIsActive,
  databaseFollows,
  journalAnswers,
  cachesFollow,
  awsAgrees,
];
