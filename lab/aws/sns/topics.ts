import { randomUUID } from "node:crypto";

export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
}

/** A message as it was published. */
export interface Published {
  readonly topicArn: string;
  readonly messageId: string;
  readonly at: Date;
  readonly subject: string | null;
  readonly message: string;
  /** String attributes, by name. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Publication extends Omit<Published, "messageId" | "at"> {
  /** Of a FIFO topic: which of its messages are to stay in order, and which are the same message. */
  readonly fifo: { readonly group: string; readonly deduplicationId: string } | null;
}

/** As documented: a FIFO topic accepts a message again after five minutes. */
const REMEMBERED_MS = 5 * 60_000;
/** More than that nobody looks at; the oldest go first. */
const KEPT = 1_000;

/** The lab's topics, and what was published to them: nobody subscribes, everybody may look. */
export class Topics {
  readonly all: readonly Topic[];
  readonly #published: Published[] = [];
  readonly #remembered = new Map<
    string,
    { readonly messageId: string; readonly at: number; readonly sequence: number }
  >();
  readonly #told: (message: Published) => void;
  #sequence = 0;

  constructor(all: readonly Topic[], told: (message: Published) => void = () => undefined) {
    this.all = all;
    this.#told = told;
  }

  /** Everything that was published, oldest first. */
  get published(): readonly Published[] {
    return this.#published;
  }

  /** Keeps the message. One that a FIFO topic has already, by its deduplication id, is accepted and not kept again. */
  publish({ fifo, ...publication }: Publication): {
    readonly messageId: string;
    readonly sequence: number | null;
  } {
    const at = new Date();
    const key = fifo && JSON.stringify([publication.topicArn, fifo.deduplicationId]);
    const same = key === null ? undefined : this.#remembered.get(key);
    if (same && at.getTime() - same.at < REMEMBERED_MS) return same;

    const message: Published = { ...publication, messageId: randomUUID(), at };
    const sequence = ++this.#sequence;
    if (key !== null) this.#remembered.set(key, { messageId: message.messageId, at: at.getTime(), sequence });
    this.#published.push(message);
    if (this.#published.length > KEPT) this.#published.shift();
    this.#told(message);
    return { messageId: message.messageId, sequence: fifo && sequence };
  }
}
