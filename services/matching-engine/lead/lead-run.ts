import type { Gate } from "@castle/regions/role.ts";
import type { Witness } from "@castle/regions/witness/witness.ts";
import type { Knex } from "knex";
import type { CellConfig } from "../../kernel/config.ts";
import { isStaleEpoch, sqlState, sqlStateOf } from "../../kernel/database/connect.ts";
import { PipelinedConnection } from "../../kernel/database/pipelined.ts";
import type { Seq, StreamId } from "../../kernel/domain/command.ts";
import type { Intent } from "../../kernel/domain/intent.ts";
import type { Logger } from "../../kernel/log.ts";
import type { RoleView, RoleWatch } from "../../kernel/role/role-watch.ts";
import type { SparseLog } from "../../kernel/sparse-log.ts";
import type { AppliedCommand } from "../application/applied-command.ts";
import { Applier } from "../application/applier.ts";
import { Results } from "../application/results.ts";
import { ActiveEpoch } from "../authority/active-epoch.ts";
import { metrics } from "../metrics.ts";
import { Projector } from "../projection/projector.ts";
import { Unprojected } from "../projection/unprojected.ts";
import { FirstResultsStore } from "../recovery/first-results-store.ts";
import { LogFollower } from "../recovery/log-follower.ts";
import { recover } from "../recovery/recover.ts";
import { type LeadIdentity, LogWriter } from "../sequencing/log-writer.ts";
import { Sequencer } from "../sequencing/sequencer.ts";
import type { TradingState } from "../state/trading-state.ts";
import { takeLead } from "./take-lead.ts";

export type ActiveView = Extract<RoleView, { role: "active" }>;

export interface LeadRunOptions {
  readonly config: CellConfig;
  /** host:port at which gateways and market-data reach this engine. */
  readonly address: string;
  /** For the role's own work alone. */
  readonly db: Knex;
  /** For what requests need of the database. */
  readonly queries: Knex;
  readonly roles: RoleWatch;
  readonly witness: Witness;
  readonly log: Logger;
  readonly sparse: SparseLog;
  readonly onApplied: (commands: readonly AppliedCommand[]) => void;
  readonly onProjected: (chunk: readonly AppliedCommand[]) => void;
  /** This run is over: `stale` when another engine or cell has taken over, else to be begun again. Called once. */
  readonly onOver: (because: string, stale: boolean) => void;
}

/** What became of an intent. */
export type IntentResult =
  | {
      readonly kind: "accepted";
      readonly seq: Seq;
      readonly acceptedAt: number;
      readonly repeated: boolean;
      /** As JSON; null when it is in the projection already, as a repeated request's may be. */
      readonly outcome: string | null;
    }
  | { readonly kind: "refused"; readonly because: string }
  | { readonly kind: "unknown"; readonly because: string };

/** A statement of the log that has no answer by then is given up, and with it this run: the next finds out what is there. */
const LOG_ANSWERS_WITHIN_MS = 3_000;
const CONNECT_WITHIN_MS = 2_000;

/** One engine leading the cell's streams, in one epoch and generation. It begins with what the database holds. */
export class LeadRun {
  readonly lead: LeadIdentity;
  readonly state: TradingState;
  readonly unprojected: Unprojected;
  readonly #options: LeadRunOptions;
  readonly #active: ActiveEpoch;
  readonly #sequencer: Sequencer;
  readonly #applier: Applier;
  readonly #results = new Results();
  readonly #projector: Projector;
  readonly #follower: LogFollower;
  readonly #connection: PipelinedConnection;
  readonly #endOfEarlierEpochs: Map<StreamId, Seq>;
  #over = false;

  /**
   * Takes the lead and recovers.
   * @throws SQLSTATE CS001, CS005 when the epoch is over or another engine was faster; the database's errors
   */
  static async begin(options: LeadRunOptions, view: ActiveView): Promise<LeadRun> {
    const { config, log, address } = options;
    const began = performance.now();
    let lost = (_error: Error): void => undefined;
    const connection = await PipelinedConnection.open(config.databaseUrl, {
      name: `${config.instance} log`,
      connectWithinMs: CONNECT_WITHIN_MS,
      answerWithinMs: LOG_ANSWERS_WITHIN_MS,
      onLost: (error) => lost(error),
    });
    try {
      const lead = await takeLead(connection, config, view, address);
      // Reading is not the log's business: a large book may take longer than the log may be silent.
      const reader = await PipelinedConnection.open(config.databaseUrl, {
        name: `${config.instance} recovery`,
        connectWithinMs: CONNECT_WITHIN_MS,
        onLost: () => undefined,
      });
      const recovered = await recover(reader, config.symbols, lead.epoch).finally(() => reader.close());
      const tail = [...recovered.state.streams.values()].reduce((sum, { pending }) => sum + pending.size, 0);
      log.info({ ...lead, tail, ms: Math.round(performance.now() - began) }, "leading");
      if (recovered.missing.length > 0)
        log.error({ streams: recovered.missing }, "configured symbols have no stream in the database");
      const run = new LeadRun(options, lead, connection, recovered);
      lost = (error) => run.#failed(new Error(`the line to the command log was lost: ${error.message}`));
      if (connection.lost) throw new Error("the line to the command log was lost during recovery");
      return run;
    } catch (error) {
      connection.destroy("the lead was not taken");
      throw error;
    }
  }

  private constructor(
    options: LeadRunOptions,
    lead: LeadIdentity,
    connection: PipelinedConnection,
    recovered: Awaited<ReturnType<typeof recover>>,
  ) {
    const { config, db, witness, log, sparse } = options;
    this.#options = options;
    this.#connection = connection;
    this.lead = lead;
    this.state = recovered.state;
    this.unprojected = new Unprojected();
    this.#endOfEarlierEpochs = new Map(recovered.endOfEarlierEpochs);
    this.#active = new ActiveEpoch({
      config,
      epoch: lead.epoch,
      db,
      witness,
      log,
      row: () => this.#row(),
      loggedUpTo: () => [...this.state.streams].map(([stream, { pending }]) => [stream, pending.loggedUpTo]),
      onDurable: () => this.#applier.kick(),
      onOver: (because) => this.#end(because, true),
    });
    const firstResults = new FirstResultsStore(options.queries);
    this.#sequencer = new Sequencer(
      {
        lead,
        state: this.state,
        log: new LogWriter(connection, lead),
        gate: () => this.gate,
        overloaded: () => this.unprojected.isOverloaded,
        findFirst: (intent) => firstResults.find(intent),
        onLogged: (commands, durability) => {
          for (const { stream, seq } of commands) this.state.stream(stream).pending.logged(seq);
          this.#active.logged(commands, durability);
          this.#applier.kick();
        },
        readGate: () => options.roles.look(),
        onFailed: (error) => this.#failed(error),
      },
      recovered.lastAcceptedAt,
    );
    this.#applier = new Applier({
      state: this.state,
      durableUpTo: (stream) =>
        Math.max(this.#active.durableUpTo(stream), this.#endOfEarlierEpochs.get(stream) ?? 0),
      inOrderUpTo: recovered.lastAcceptedAt,
      hasRoom: () => this.unprojected.hasRoom,
      onApplied: (commands) => this.#applied(commands),
      onFailed: (error) => this.#failed(error),
    });
    this.#projector = new Projector({
      databaseUrl: config.databaseUrl,
      name: config.instance,
      lead,
      unprojected: this.unprojected,
      projected: recovered.projected,
      log: sparse,
      onProjected: (chunk) => {
        this.#applier.kick();
        options.onProjected(chunk);
      },
      onStale: (error) => this.#failed(error),
    });
    this.#follower = new LogFollower({
      db,
      epoch: lead.epoch,
      state: this.state,
      log: sparse,
      follows: () => this.#row().gate === "closed" && this.#sequencer.idle,
      onFollowed: ({ stream, seq, acceptedAt }) => {
        this.#endOfEarlierEpochs.set(stream, seq);
        this.#sequencer.followed(acceptedAt);
        this.#applier.kick();
      },
    });
  }

  start(): void {
    this.#active.start();
    this.#projector.start();
    this.#follower.start();
    this.#applier.kick();
  }

  /** As far as this engine may go by it. */
  get gate(): Gate {
    return this.#over ? "closed" : this.#active.gate;
  }

  /** Whether what this engine says still counts: its epoch is confirmed, and it leads. */
  get confirmed(): boolean {
    return !this.#over && this.#active.confirmed;
  }

  projectedUpTo(stream: StreamId): Seq {
    return this.#projector.projectedUpTo(stream);
  }

  submit(intent: Intent, settle: (result: IntentResult) => void): void {
    this.#sequencer.submit(intent, (sequenced) => {
      if (sequenced.kind !== "accepted") return settle(sequenced);
      const { command, repeated } = sequenced;
      const { stream, seq, acceptedAt } = command;
      const accepted = (outcome: string | null): IntentResult => ({
        ...{ kind: "accepted", seq, acceptedAt, repeated, outcome },
      });
      if (seq <= this.state.stream(stream).machine.appliedSeq)
        return settle(accepted(this.unprojected.outcome(stream, seq) ?? null));
      const done = metrics.durableSeconds.startTimer();
      this.#results.wait(stream, seq, (result) => {
        done();
        settle("unknown" in result ? { kind: "unknown", because: result.unknown } : accepted(result.outcome));
      });
    });
  }

  describe(): Record<string, unknown> {
    const streams = [...this.state.streams];
    return {
      ...this.#active.describe(),
      generation: this.lead.generation,
      applied: Object.fromEntries(streams.map(([stream, { machine }]) => [stream, machine.appliedSeq])),
      pending: streams.reduce((sum, [, { pending }]) => sum + pending.size, 0),
      unprojected: this.unprojected.size,
      projectionLagMs: Math.round(this.unprojected.lagMs()),
    };
  }

  /** Ends it: what is under way is unknown to who waits for it, and found in the log by whoever leads next. */
  async stop(because: string): Promise<void> {
    this.#over = true;
    this.#sequencer.stop(because);
    this.#applier.stop();
    this.#results.abandon(because);
    this.#connection.destroy(because);
    await Promise.all([this.#active.stop(), this.#projector.stop(because), this.#follower.stop()]);
  }

  /** Resolves when everything that was taken is applied and projected, or `withinMs` are over. */
  async drained(withinMs: number): Promise<void> {
    const deadline = performance.now() + withinMs;
    const busy = (): boolean =>
      !this.#sequencer.idle ||
      this.unprojected.size > 0 ||
      [...this.state.streams.values()].some(({ pending }) => pending.size > 0);
    while (busy() && !this.#over && performance.now() < deadline) {
      this.#projector.kick(true);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  #row(): Pick<ActiveView, "gate" | "durability"> {
    const view = this.#options.roles.current;
    if (view.role === "active" && view.epoch === this.lead.epoch) return view;
    return { gate: "closed", durability: "paired" };
  }

  #applied(commands: readonly AppliedCommand[]): void {
    for (const command of commands) {
      this.unprojected.add(command);
      this.#results.applied(command);
      metrics.commandsApplied.inc({ stream: command.accepted.stream });
    }
    this.#options.onApplied(commands);
    // With the gate closed nothing more is coming, and a handover waits for the projection.
    this.#projector.kick(this.#row().gate === "closed");
  }

  #failed(error: Error): void {
    const cause = error.cause ?? error;
    const stale = isStaleEpoch(cause) || sqlStateOf(cause) === sqlState.staleGeneration;
    this.#end(error.message, stale);
  }

  #end(because: string, stale: boolean): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.onOver(because, stale);
  }
}
