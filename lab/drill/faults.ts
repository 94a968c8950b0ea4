import { readFile } from "node:fs/promises";
import type { CellRegion } from "@castle/dr-runbooks/target.ts";
import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import type { LinkChannel } from "../link/channels.ts";
import { limitFileSize } from "../processes/file-size.ts";
import { until } from "../processes/until.ts";
import type { Act } from "./acts.ts";
import { observation } from "./observation.ts";
import type { Stage } from "./stage.ts";

const fault = (name: string, play: Act["play"]): Act => ({ kind: "fault", name, play });
const act = (name: string, play: Act["play"]): Act => ({ kind: "act", name, play });

/** The region alone loses the channel; the other keeps it. Nobody is told. */
export const cutOff = (region: CellRegion, channel: LinkChannel): Act =>
  fault(`${region} loses the ${channel}`, ({ lab }) => lab.link.stallFrom(region, channel));

export const reconnect = (region: CellRegion, channel: LinkChannel): Act =>
  act(`${region} reaches the ${channel} again`, ({ lab }) => lab.link.resumeFrom(region, channel));

/** The third region is gone for everybody: cells and operators. */
export const loseWitness = (): Act => fault("witness lost", ({ lab }) => lab.witness.lose());
export const witnessBack = (): Act => act("witness is back", ({ lab }) => lab.witness.comeBack());

/** One channel of the link takes this long there and back; null: as long as ever. */
export const slowDown = (channel: LinkChannel, ms: number | null): Act =>
  ms === null
    ? act(`${channel} as fast as before`, ({ lab }) => lab.link.slow(channel, null))
    : fault(`${channel} takes ${ms} ms`, ({ lab }) => lab.link.slow(channel, ms));

/** Whatever is connected now stays connected, and nothing passes any more. */
export const blackHole = (): Act => fault("connections half open", ({ lab }) => lab.swallowConnections());

export const REFUSED_CALLS = "Calls that AWS refused during the failover";

/**
 * AWS's control planes refuse half of what is asked of them, the global accelerator's all of it, for as long as the act
 * takes. Each must really have been asked.
 */
export const throttled = (during: Act): Act => ({
  ...during,
  name: `${during.name}, AWS throttling`,
  play: async (stage) => {
    const { conduct } = stage.lab.aws;
    const troubles = [
      conduct.trouble({ service: "rds" }, { is: "throttled" }, { share: 0.5, seed: 1 }),
      conduct.trouble({ service: "elasticache" }, { is: "internal-error" }, { share: 0.5, seed: 2 }),
      conduct.trouble({ service: "globalaccelerator" }, { is: "throttled" }, { share: 1, seed: 3 }),
    ];
    try {
      await during.play(stage);
    } finally {
      for (const trouble of troubles) trouble.end();
    }
    const met = troubles.map((trouble) => trouble.met);
    stage.observed.push(
      observation(REFUSED_CALLS, {
        wanted: "some of each service",
        found: `rds ${met[0]}, elasticache ${met[1]}, globalaccelerator ${met[2]}`,
        ok: met.every((count) => count > 0),
      }),
    );
  },
});

const KILLED_WITHIN_MS = 60_000;

export const CRASHES = "The process was killed and came back";

/** Kills a process again and again, each time as soon as the supervisor has brought it back. */
export const crashLoop = (region: CellRegion, name: string, times: number): Act =>
  fault(`${name} of ${region} killed ${times} times`, async ({ lab, observed, signal }) => {
    const process = lab.process(region, name);
    const before = process.restarts;
    const runs = (restarts: number): Promise<void> =>
      until(() => process.restarts >= restarts && process.state === "running", {
        ...{ what: `${name} of ${region} to come back`, withinMs: KILLED_WITHIN_MS, signal },
      });
    for (let nth = 1; nth <= times; nth++) {
      await process.kill();
      await runs(before + nth);
    }
    const back = process.restarts - before;
    observed.push(
      observation(CRASHES, { wanted: `${times} times`, found: `${back} times`, ok: back === times }),
    );
  });

/** A table's file may grow this far and no further: what the log's own files need, so that only the table is in want. */
const FULL_AT_BYTES = 16 * 2 ** 20;
const BALLAST = "ballast";
/** Four to a page, and of a kind that PostgreSQL cannot compress. */
const BALLAST_BYTES = 2_048;
const rows = `insert into entry
  select ?, n, 0, 0, 'n' || n, 'deposit', 0, (select string_agg(md5(n * 100 + i || ''), '') from generate_series(1, 60) i)
  from generate_series(?::int, ?::int) n`;

export const NO_SPACE = "The journal's disk was really full";

/** Fills the table of the region's journal up to its limit: every append needs room that there is not. */
export const fillJournal = (region: CellRegion): Act =>
  fault(`disk full under the journal of ${region}`, async (stage) => {
    await onJournal(stage, region, async (db) => {
      await db.raw(rows, [BALLAST, 1, FULL_AT_BYTES / BALLAST_BYTES]);
    });
    await limitFileSize(stage.lab.journalOf(region).pids, FULL_AT_BYTES);
    const refused = await onJournal(stage, region, (db) =>
      db.raw(rows, [BALLAST, 100_001, 100_200]).then(
        () => "it took more",
        (error: Error) => error.message,
      ),
    );
    stage.observed.push(
      observation(NO_SPACE, {
        wanted: "no room for another row",
        found: refused.slice(-160),
        ok: /could not (extend|write)|No space|File too large/i.test(refused),
      }),
    );
  });

/** Until the active cell says that the journal had no room for what was sent. */
export const appendsFail = (active: CellRegion): Act =>
  act("appends fail", async ({ lab, signal }) => {
    const { log } = lab.process(active, "matching-engine-0");
    await until(async () => (await readFile(log, "utf8")).includes("could not extend file"), {
      ...{ what: `an append to fail for want of room (see ${log})`, withinMs: 60_000, everyMs: 100, signal },
    });
  });

/** There is room again. */
export const mendJournal = (region: CellRegion): Act =>
  act(`room under the journal of ${region}`, async (stage) => {
    await limitFileSize(stage.lab.journalOf(region).pids, null);
    await onJournal(stage, region, (db) => db.raw("delete from entry where stream = ?", [BALLAST]));
  });

async function onJournal<T>(
  { lab }: Stage,
  region: CellRegion,
  work: (db: ReturnType<typeof connectDatabase>) => PromiseLike<T>,
): Promise<T> {
  const db = connectDatabase(lab.target.cells[region].journalUrl, { name: "drill", max: 1 });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}
