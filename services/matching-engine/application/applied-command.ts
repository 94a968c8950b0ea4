import type { AcceptedCommand } from "../../kernel/domain/command.ts";
import type { Applied } from "../stream/applied.ts";

/** A command that is applied: durable, and what came of it may be told. */
export interface AppliedCommand {
  readonly accepted: AcceptedCommand;
  readonly applied: Applied;
  /** The outcome as JSON, made once for everybody who reads it. */
  readonly outcome: string;
  /** When it was applied: performance.now(). */
  readonly at: number;
}

/** About what a command keeps in memory until it is projected. Bytes. */
export const weightOf = ({ outcome, applied }: AppliedCommand): number =>
  1_000 + outcome.length * 2 + applied.postings.length * 150 + applied.orders.length * 250;
