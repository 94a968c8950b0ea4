import { until } from "@castle/lab/processes/until.ts";
import { type Epoch, epoch } from "@castle/regions/epoch.ts";
import {
  type CommandRow,
  decodeRow,
  WRITE_COMMANDS,
  writtenCommands,
} from "@castle/services/kernel/database/command-log.ts";
import { connectDatabase } from "@castle/services/kernel/database/connect.ts";
import { positional } from "@castle/services/kernel/database/positional.ts";
import {
  type AcceptedCommand,
  type AccountId,
  type Command,
  type Seq,
  type StreamId,
  WALLET_STREAM,
} from "@castle/services/kernel/domain/command.ts";
import { replay } from "@castle/services/matching-engine/reference/replay.ts";
import { assert } from "chai";
import type { Knex } from "knex";
import { type CellServers, startCellServers } from "../../support/servers.ts";

export const SYMBOLS = ["BTCUSDT", "ETHUSDT"] as const;
export const firstEpoch = epoch(1);

const TABLES = "command, outcome, posting, orders, trade, balance, account";

/** A cell's servers, and acceptance done by hand: what gateways would have stored when the engine comes. */
export class Stage {
  readonly servers: CellServers;
  readonly db: Knex;
  readonly #holding: Knex.Transaction[] = [];
  #accepted = 0;

  private constructor(servers: CellServers) {
    this.servers = servers;
    this.db = connectDatabase(servers.databaseUrl, { name: "test", max: 5 });
  }

  static async set(): Promise<Stage> {
    return new Stage(await startCellServers({ bootstrap: { region: "eu-west-1", symbols: SYMBOLS } }));
  }

  async strike(): Promise<void> {
    await this.db.destroy();
    await this.servers.stop();
  }

  /** Back to the first state, in epoch 1 of eu-west-1. */
  async clear(): Promise<void> {
    await this.db.raw(`truncate ${TABLES}`);
    await this.db.raw("update stream set last_seq = 0; update progress set applied_seq = 0");
    await this.db("role").update({ epoch: 1, region: "eu-west-1", gate: "open", durability: "solo" });
  }

  /** Stores commands at the end of a stream, with their holds, without asking for funds. Resolves with the last seq. */
  async accept(
    stream: StreamId,
    commands: readonly (readonly [AccountId, Command])[],
    inEpoch: Epoch = firstEpoch,
  ): Promise<Seq> {
    const first = (await this.lastSeq(stream)) + 1;
    const accepted = commands.map(([accountId, command], at): AcceptedCommand => {
      this.#accepted += 1;
      const clientId = `c${this.#accepted}`;
      return {
        stream,
        seq: first + at,
        epoch: inEpoch,
        accountId,
        clientId,
        acceptedAt: first + at,
        command,
      };
    });
    await positional(this.db, WRITE_COMMANDS, writtenCommands(accepted));
    return first - 1 + accepted.length;
  }

  async lastSeq(stream: StreamId): Promise<Seq> {
    const row = await this.db("stream").where({ name: stream }).first<{ last_seq: string }>("last_seq");
    return Number(row.last_seq);
  }

  async appliedSeq(stream: StreamId): Promise<Seq> {
    const row = await this.db("progress").where({ stream }).first<{ applied_seq: string }>("applied_seq");
    return Number(row.applied_seq);
  }

  /**
   * Holds the balances of an account until {@link releaseBalances}: a chunk that touches them stops in the middle of
   * its writes.
   */
  async holdBalances(accountId: AccountId): Promise<void> {
    const trx = await this.db.transaction();
    this.#holding.push(trx);
    await trx("balance").where({ account_id: accountId }).forUpdate().select();
  }

  async releaseBalances(): Promise<void> {
    await Promise.all(this.#holding.splice(0).map((trx) => trx.rollback()));
  }

  /** Resolves with the process id of an engine's connection once it waits for a balance. */
  async blockedEngine(): Promise<number> {
    let pid = 0;
    const look = async (): Promise<boolean> => {
      const { rows } = await this.db.raw(
        `select pid from pg_stat_activity where application_name like '%engine%' and wait_event_type = 'Lock'`,
      );
      pid = rows[0]?.pid ?? 0;
      return pid > 0;
    };
    await until(look, { what: "the engine to wait for a balance", withinMs: 60_000 });
    return pid;
  }

  /** Hands the role over, as a runbook does it. */
  async raiseEpoch(next: Epoch, region: string): Promise<void> {
    await this.db.raw("select castle_raise_epoch(?, ?)", [next, region]);
  }

  /**
   * Checks all that the engine wrote, against what it was given: every stream applied to its end, outcomes and trades
   * as the reference tells them, each once; every balance the sum of its postings, and all postings of an asset zero.
   */
  async requireWholeAndOnce(): Promise<void> {
    for (const stream of [WALLET_STREAM, ...SYMBOLS]) {
      const expected = [...replay(stream, await this.#commands(stream))];
      const stored = await this.db("outcome").where({ stream }).orderBy("seq").select("body");
      assert.deepEqual(
        stored.map((row) => JSON.parse(row.body)),
        expected,
      );
      assert.equal(await this.appliedSeq(stream), expected.length);
      const trades = await this.db("trade").where({ symbol: stream }).orderBy("trade_id").select("trade_id");
      assert.deepEqual(
        trades.map((row) => Number(row.trade_id)),
        expected.flatMap((outcome) => outcome.trades.map((trade) => trade.tradeId)),
      );
      const orders = await this.db("orders").where({ symbol: stream }).orderBy("order_id").select();
      const last = new Map(
        expected.flatMap(({ reports }) => reports.map((report) => [report.orderId, report])),
      );
      assert.deepEqual(
        orders.map((row) => [Number(row.order_id), row.status, row.orig_qty, row.executed_qty]),
        [...last.values()]
          .sort((a, b) => a.orderId - b.orderId)
          .map((report) => [report.orderId, report.status, report.origQty, report.executedQty]),
      );
    }
    await this.#requireBalancedBooks();
  }

  async #requireBalancedBooks(): Promise<void> {
    const { rows: unbalanced } = await this.db.raw(
      `select account_id, asset, b.free, b.locked, p.free, p.locked from balance b full join (
         select account_id, asset, coalesce(sum(amount) filter (where bucket = 'free'), 0) as free,
           coalesce(sum(amount) filter (where bucket = 'locked'), 0) as locked
         from posting group by account_id, asset) p using (account_id, asset)
       where (b.free, b.locked) is distinct from (p.free, p.locked)`,
    );
    assert.deepEqual(unbalanced, []);
    const { rows: created } = await this.db.raw(
      "select asset, sum(amount) from posting group by asset having sum(amount) <> 0",
    );
    assert.deepEqual(created, []);
    const { rows: held } = await this.db.raw(
      `select b.account_id, b.asset, b.locked, coalesce(sum(o.hold_left), 0) as needed from balance b
         left join orders o on o.account_id = b.account_id and o.hold_asset = b.asset
           and o.status in ('NEW', 'PARTIALLY_FILLED')
       group by b.account_id, b.asset, b.locked having b.locked <> coalesce(sum(o.hold_left), 0)`,
    );
    assert.deepEqual(held, []);
  }

  async #commands(stream: StreamId): Promise<AcceptedCommand[]> {
    const rows = await this.db<CommandRow>("command").where({ stream }).orderBy("seq");
    return rows.map(decodeRow);
  }
}
