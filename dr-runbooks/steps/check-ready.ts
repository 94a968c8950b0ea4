import { milliseconds, seconds } from "@castle/regions/duration.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { describeCache, describeDatabase, describeDatabaseFromOld, readWitness } from "../aws/calls.ts";
import type { Finding, Step } from "../engine/step.ts";
import type { Handover } from "../handover.ts";
import { failure } from "./failure.ts";
import { endsByStream, shortOf } from "./stream-ends.ts";

/**
 * Looks at everything a switchover needs, all at once; that opens the connections, too, before the gate closes. What
 * can pass by itself (a reader that lags, a cell about to be paired) is waited for: the active cell trades on meanwhile.
 */
export const checkReady: Step<Handover> = {
  name: "check-ready",
  purpose:
    "See that both cells are paired and answer, and that the target's database and cache follow closely.",
  timeout: seconds(15),
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
  // Two control planes and every server are asked each time.
  pollEvery: milliseconds(250),
  run: async () => undefined,
};

async function readiness(handover: Handover): Promise<Finding> {
  const lacks = (await Promise.all(looks.map((look) => look(handover)))).flat();
  if (lacks.length === 0) return true;
  const commands = lacks.reduce((sum, { behind = 0 }) => sum + behind, 0);
  return {
    reached: -(lacks.length * MOST_COMMANDS + commands),
    words: lacks.map(({ what }) => what).join("; "),
  };
}

/** More than a reader is ever behind: one thing less that is missing counts for more than all of its commands. */
const MOST_COMMANDS = 1e9;

/** Something that is missing. */
interface Lack {
  readonly what: string;
  /** Commands that a reader is behind. */
  readonly behind?: number;
}

type Look = (handover: Handover) => Promise<Lack[]>;

const missing = (...what: readonly string[]): Lack[] => what.map((one) => ({ what: one }));

const saysWitness: Look = async ({ witness, plan }) => {
  const { epoch: held, activeRegion, mode } = await witness.read();
  if (held !== plan.epoch - 1 || activeRegion !== plan.from)
    return missing(
      `the witness names ${activeRegion} in epoch ${held}, not ${plan.from} in epoch ${plan.epoch - 1}`,
    );
  return mode === "paired" ? [] : missing(`the cells are not paired: epoch ${held} is ${mode}`);
};

const oldCellIsActive: Look = async ({ from, plan, resumed }) => {
  const role = await from.cell.database.role();
  const problems: string[] = [];
  if (!role.writer) problems.push(`the database in ${from.region} is not the writer`);
  if (role.epoch !== plan.epoch - 1 || role.region !== plan.from)
    problems.push(`the database in ${from.region} is at epoch ${role.epoch} of ${role.region}`);
  // A run that was killed behind close-old-cell left it closed.
  if (role.gate !== "open" && !resumed) problems.push(`the gate of ${from.region} is ${role.gate}`);
  if (role.durability !== "paired") problems.push(`${from.region} acknowledges ${role.durability}`);
  return missing(...problems);
};

const databaseFollows: Look = async ({ from, to }) => {
  const accepted = await from.cell.database.streams();
  const received = endsByStream(await to.cell.database.streams());
  return accepted
    .filter((end) => shortOf([end], received, CLOSE).length > 0)
    .map((end) => ({
      what: `the database in ${to.region} has ${shortOf([end], received).join()}`,
      behind: end.lastSeq - (received.get(end.stream) ?? 0),
    }));
};

/** Commands of one stream that a reader may be behind: what a busy second brings, and drains in no time. */
const CLOSE = 200;

const journalAnswers: Look = async ({ to, plan }) => {
  const held = await to.cell.journal.epoch();
  return held === epoch(plan.epoch - 1)
    ? []
    : missing(`the journal in ${to.region} is at epoch ${held}, not at ${plan.epoch - 1}`);
};

const cachesFollow: Look = async ({ from, to }) => {
  const [old, next] = await Promise.all([from.cell.cache.role(), to.cell.cache.role()]);
  const problems: string[] = [];
  if (old !== "master") problems.push(`the cache in ${from.region} is a ${old}, not the primary`);
  if (next !== "slave") problems.push(`the cache in ${to.region} is a ${next}, not a replica`);
  return missing(...problems);
};

const awsAgrees: Look = async ({ from, to }) => {
  const [database, cache] = await Promise.all([
    from.globalDatabase.describe(),
    to.globalCache.describe(),
    to.globalDatabase.describe(),
  ]);
  const problems: string[] = [];
  if (database.writer !== from.clusterArn)
    problems.push(`the global database names ${database.writer ?? "no member"} as its writer`);
  if (database.movingTo !== null) problems.push(`the global database is moving to ${database.movingTo}`);
  const follows = database.synchronization.get(to.clusterArn);
  if (follows === "unknown")
    problems.push("RDS does not report whether the target's member of the global database is connected");
  else if (follows !== "connected")
    problems.push(`the target's member of the global database is ${follows ?? "not in it"}, not connected`);
  if (cache.primary !== from.replicationGroupId)
    problems.push(`the global datastore names ${cache.primary ?? "no member"} as its primary`);
  return missing(...problems);
};

const looks: readonly Look[] = [
  saysWitness,
  oldCellIsActive,
  databaseFollows,
  journalAnswers,
  cachesFollow,
  awsAgrees,
];
