import { randomBytes } from "node:crypto";
import type { Duration } from "@castle/regions/duration.ts";
import type { Statement } from "./signed-file.ts";

/** A signed approval is far smaller; nothing else is read to its end. */
export const LARGEST_BYTES = 16_384;

/** A place where signed approvals are put for the run that waits for one. */
export interface ApprovalPlace {
  /** For an operator: a path, a bucket's address. */
  readonly name: string;
  readonly lookEvery: Duration;
  /** What is there for the execution, in a fixed order. Rejects when the place cannot be looked at. */
  list(execution: string, signal: AbortSignal): Promise<readonly FiledApproval[]>;
}

export interface FiledApproval {
  /** The same in every place that it was put in. */
  readonly name: string;
  /** null: it cannot be read, or is none. Rejects when the place does not answer. */
  text(): Promise<string | null>;
}

/** A name that nobody took before; ids hold no dot. */
export const newFileName = ({ execution, approval }: Pick<Statement, "execution" | "approval">): string =>
  `${execution}.${approval}.${randomBytes(4).toString("hex")}.json`;
