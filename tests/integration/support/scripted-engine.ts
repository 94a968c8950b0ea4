import type { Seq, StreamId } from "@castle/services/kernel/domain/command.ts";
import type { Outcome } from "@castle/services/kernel/domain/outcome.ts";
import {
  type EngineStatus,
  type FromEngine,
  outcomesMessage,
  type ToEngine,
} from "@castle/services/kernel/engine-line/messages.ts";
import type { Line } from "@castle/services/kernel/line/line.ts";
import { LineServer } from "@castle/services/kernel/line/line-server.ts";
import type { Knex } from "knex";
import { SEAL_KEY } from "./active-cell.ts";

/**
 * The engine's end of its lines, and nothing behind it: it says what a test lets it say. All that it knows is projected, so
 * subscribers begin, or go on, where the projection stands.
 */
export class ScriptedEngine {
  readonly #db: Knex;
  readonly #subscribers = new Set<Line>();
  /** Every subscription, as it was asked for. */
  readonly subscriptions: (Readonly<Record<StreamId, Seq>> | null)[] = [];
  #server: LineServer | null = null;
  #generation = 0;

  private constructor(db: Knex) {
    this.#db = db;
  }

  static async start(db: Knex): Promise<ScriptedEngine> {
    const engine = new ScriptedEngine(db);
    engine.#server = await LineServer.listen({
      ...{ host: "127.0.0.1", port: 0, sealKey: SEAL_KEY },
      accept: (line) => {
        line.send(said({ type: "status", status: engine.#status() }));
        return {
          onMessage: (text) => void engine.#received(line, JSON.parse(text) as ToEngine),
          onClose: () => void engine.#subscribers.delete(line),
        };
      },
    });
    return engine;
  }

  get subscribers(): number {
    return this.#subscribers.size;
  }

  /** Writes itself down as the engine that leads in the epoch. */
  async lead(epoch: number): Promise<void> {
    this.#generation += 1;
    await this.#db("lead")
      .insert({
        ...{ epoch, generation: this.#generation, instance: "matching-engine-0" },
        address: `127.0.0.1:${this.#server?.port}`,
      })
      .onConflict("singleton")
      .merge();
  }

  /** Hands outcomes out in one message, to those who follow now. */
  publish(...outcomes: readonly Outcome[]): void {
    const message = outcomesMessage(outcomes.map((outcome) => JSON.stringify(outcome)));
    for (const line of this.#subscribers) line.send(message);
  }

  /** Breaks every line off; new ones are taken. */
  cut(): void {
    for (const line of this.#server?.lines ?? []) line.close("cut by the test");
    this.#subscribers.clear();
  }

  async stop(): Promise<void> {
    await this.#server?.close();
  }

  async #received(line: Line, message: ToEngine): Promise<void> {
    if (message.type !== "subscribe") return;
    this.subscriptions.push(message.positions);
    const rows = await this.#db("progress").select("stream", "applied_seq");
    const applied = rows.map(({ stream, applied_seq }) => [stream, Number(applied_seq)] as const);
    line.send(said({ type: "positions", positions: Object.fromEntries(applied) }));
    this.#subscribers.add(line);
  }

  #status(): EngineStatus {
    return {
      ...{ leading: true, epoch: 1 as never, generation: this.#generation, gate: "open", durability: "solo" },
      ...{ confirmed: true, detail: {} },
    };
  }
}

const said = (message: FromEngine): string => JSON.stringify(message);
