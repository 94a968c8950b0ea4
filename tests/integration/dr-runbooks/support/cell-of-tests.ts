import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { CellRegion } from "@castle/regions/catalogue.ts";
import { type Epoch, epoch } from "@castle/regions/epoch.ts";
import type { Gate, Mode } from "@castle/regions/role.ts";
import { commandColumns, keyColumn } from "@castle/services/kernel/database/command-log.ts";
import { connectDatabase, isStaleEpoch } from "@castle/services/kernel/database/connect.ts";
import type { AcceptedCommand } from "@castle/services/kernel/domain/command.ts";
import { openProjectedQueue, type ProjectedJob } from "@castle/services/kernel/queues.ts";
import { connectRedis } from "@castle/services/kernel/redis.ts";
import type { Redis } from "ioredis";
import type { Knex } from "knex";
import { type CellServers, startCellServers } from "../../support/servers.ts";

export const STREAMS = ["BTCUSDT", "ETHUSDT", "wallet"] as const;

/** One cell's real servers, and short ways to put them into the state a test begins with. */
export class CellOfTests {
  readonly region: CellRegion;
  readonly servers: CellServers;
  readonly database: Knex;
  readonly journal: Knex;
  readonly redis: Redis;

  private constructor(region: CellRegion, servers: CellServers) {
    this.region = region;
    this.servers = servers;
    this.database = connectDatabase(servers.databaseUrl, { name: "test", max: 4 });
    this.journal = connectDatabase(servers.journalUrl, { name: "test", max: 2 });
    this.redis = connectRedis(servers.redisUrl, "producer");
  }

  static async start(region: CellRegion): Promise<CellOfTests> {
    const symbols = STREAMS.filter((stream) => stream !== "wallet");
    const cell = new CellOfTests(region, await startCellServers({ bootstrap: { region, symbols } }));
    if (cell.redis.status !== "ready") await once(cell.redis, "ready");
    return cell;
  }

  /** Empties everything, and gives the role row as told. */
  async reset(role: { epoch: number; region: CellRegion; gate: Gate; durability: Mode }): Promise<void> {
    await this.database.raw("truncate command, idempotency, outcome, balance, posting, orders, trade");
    await this.database.raw("update stream set last_seq = 0");
    await this.database.raw("update progress set applied_seq = 0");
    await this.database.raw("update role set epoch = ?, region = ?, gate = ?, durability = ?", [
      role.epoch,
      role.region,
      role.gate,
      role.durability,
    ]);
    await this.journal.raw("truncate entry, high_water");
    await this.journal.raw("update fence set epoch = 0");
    await this.redis.replicaof("NO", "ONE");
    await this.redis.flushall();
  }

  /** Commands as the engine logs them: `first` to `last` of the stream, whose end is before them; one account's deposits. */
  async accept(stream: string, first: number, last: number): Promise<void> {
    const commands = deposits(1, stream, first, last);
    await this.database.raw("select castle_append_commands(?, ?, ?, ?, ?, ?, ?, ?, ?)", [
      ...commandColumns(commands),
      keyColumn(commands),
    ]);
  }

  /** What the engines have applied. */
  async applied(stream: string, seq: number): Promise<void> {
    await this.database.raw("update progress set applied_seq = ? where stream = ?", [seq, stream]);
  }

  /** The same commands as the *peer's* engine appends them here, in its epoch. */
  async append(of: number, stream: string, first: number, last: number): Promise<void> {
    await this.journal.raw("select journal_raise_epoch(?)", [of]);
    await this.journal.raw("select * from journal_append(?, ?, ?, ?, ?, ?, ?, ?, ?)", [
      of,
      ...commandColumns(deposits(of, stream, first, last)),
    ]);
  }

  /** Leaves a job for what comes after a trade, as the engine of `of` announced it. */
  async announce(of: Epoch, upTo: ProjectedJob["upTo"]): Promise<void> {
    const queue = openProjectedQueue(this.redis);
    await queue.add("projected", { epoch: of, upTo });
    await queue.close();
  }

  /** The jobs that wait. */
  async announced(): Promise<ProjectedJob[]> {
    const queue = openProjectedQueue(this.redis);
    const jobs = await queue.getJobs(["wait", "active"]);
    await queue.close();
    return jobs.map((job) => job.data);
  }

  async role(): Promise<{ epoch: number; region: string; gate: Gate }> {
    const { rows } = await this.database.raw("select epoch, region, gate from role");
    return { ...rows[0], epoch: Number(rows[0].epoch) };
  }

  async lastSeqs(): Promise<Record<string, number>> {
    const { rows } = await this.database.raw<{ rows: { name: string; last_seq: string }[] }>(
      "select name, last_seq from stream where last_seq > 0 order by name",
    );
    return Object.fromEntries(rows.map(({ name, last_seq }) => [name, Number(last_seq)]));
  }

  /** Whether a cell of that epoch is refused by the journal here. */
  async refuses(epoch: number): Promise<boolean> {
    return this.journal.raw("select * from journal_marks(?)", [epoch]).then(() => false, isStaleEpoch);
  }

  /** Makes Redis the replica of a primary that is gone. */
  async orphanCache(): Promise<void> {
    await this.redis.replicaof("127.0.0.1", 1);
  }

  async stop(): Promise<void> {
    this.redis.disconnect();
    await Promise.all([this.database.destroy(), this.journal.destroy()]);
    await this.servers.stop();
  }
}

const deposits = (of: number, stream: string, first: number, last: number): AcceptedCommand[] =>
  Array.from({ length: last - first + 1 }, (_, n) => ({
    stream,
    seq: first + n,
    epoch: epoch(of),
    accountId: 7,
    clientId: `${stream}-${first + n}`,
    acceptedAt: first + n,
    command: { kind: "deposit", asset: "USDT", amount: 100n },
  }));

/** The engines of a cell, for tests that are not about them: whatever is accepted counts as applied, soon after. */
export function standInForEngines(cell: CellOfTests): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const work = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await cell.database.raw(
        `update progress set applied_seq = s.last_seq from stream s, role
         where s.name = progress.stream and applied_seq < s.last_seq and role.region = ?`,
        [cell.region],
      );
      await sleep(10);
    }
  };
  const working = work();
  return {
    stop: async () => {
      stopping.abort();
      await working;
    },
  };
}
