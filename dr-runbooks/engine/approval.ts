import { createHash } from "node:crypto";
import type { Duration } from "@castle/regions/duration.ts";
import { canonical } from "../evidence/canonical.ts";
import type { Condition } from "./condition.ts";
import type { EventOf } from "./event.ts";
import type { At, Facts, Failure } from "./step.ts";

/** A part of a runbook at which it waits until somebody who may has agreed to what comes next. */
export interface Approval<Context> {
  readonly name: string;
  /** What whoever answers agrees to, in one sentence. */
  readonly purpose: string;
  /** What it is about, in words and figures measured now; a line each. Looks, and changes nothing. */
  readonly asks: (context: Context, at: At) => Promise<Shown>;
  /** How long such figures can be agreed to, and the answer counts; from the moment they were measured. */
  readonly counts: Duration;
  /** Typed at a terminal, so that nobody agrees by leaning on a key. */
  readonly word: (context: Context) => string;
  /** Whether an answer given ahead (`--yes`) will do. */
  readonly ahead: boolean;
  readonly when?: Condition<Context>;
  /** What it means when nobody agrees. */
  readonly ifItFails?: Failure;
}

/** What is shown to whoever answers. */
export interface Shown {
  readonly figures: readonly string[];
  /** The same for machines: it stands in the record beside the question. */
  readonly measured?: Facts;
}

/** What somebody is asked. Instants in milliseconds since 1970. */
export interface Asked {
  readonly execution: string;
  readonly approval: string;
  readonly purpose: string;
  readonly word: string;
  readonly ahead: boolean;
  readonly figures: readonly string[];
  /** When the figures were measured. */
  readonly measuredAt: number;
  /** Until when an answer to them counts. */
  readonly until: number;
  /** What an answer is bound to: see {@link digestOf}. */
  readonly digest: string;
}

type Given = EventOf<"approval-given">;
type Refused = EventOf<"approval-refused">;

/** Who agrees, and how. */
export type Agreement = { readonly agreed: true } & Pick<
  Given,
  "how" | "by" | "approver" | "key" | "because" | "file" | "signedAt" | "signature"
>;

export type Answer = Agreement | ({ readonly agreed: false } & Pick<Refused, "how" | "by" | "because">);

export interface Asking {
  /** Aborted when no answer is waited for any more. */
  readonly signal: AbortSignal;
  /** Tells of an answer that does not count, while a valid one is waited for. */
  readonly refuse: (refusal: Pick<Refused, "how" | "because" | "file">) => Promise<void>;
  /** Files that the execution's record names as taken or refused before. */
  readonly known: ReadonlySet<string>;
  /** Digests that were asked about before, and count no longer. */
  readonly outdated: ReadonlySet<string>;
}

/** Somebody who can be asked. @returns null when this is not for them to answer. */
export type Approver = (asked: Asked, asking: Asking) => Promise<Answer> | null;

/** Who was asked did not agree. */
export class ApprovalRefused extends Error {
  constructor(approval: string, because: string) {
    super(`${approval} was not approved: ${because}`);
    this.name = "ApprovalRefused";
  }
}

/** There is nobody who could agree. */
export class NobodyToAsk extends Error {
  constructor(approval: string) {
    super(
      `nobody can be asked for ${approval}: there is no terminal, and the target lists no approvers who could sign a file (castle approve --help)`,
    );
    this.name = "NobodyToAsk";
  }
}

/** SHA-256, hexadecimal, of what was asked and when: an answer to other figures is an answer to something else. */
export const digestOf = (asked: Pick<Asked, "execution" | "approval" | "figures" | "measuredAt">): string => {
  const { execution, approval, figures, measuredAt } = asked;
  return createHash("sha256").update(canonical({ execution, approval, figures, measuredAt })).digest("hex");
};

/** Asks everybody at once; the first answer is the answer. */
export const firstOf =
  (...approvers: readonly Approver[]): Approver =>
  (asked, asking) => {
    const enough = new AbortController();
    const signal = AbortSignal.any([asking.signal, enough.signal]);
    const answers = approvers.flatMap((approver) => approver(asked, { ...asking, signal }) ?? []);
    return answers.length === 0 ? null : Promise.race(answers).finally(() => enough.abort());
  };
