import type { Topic } from "../wire/stream-name.ts";

/** One connection, as far as publishing concerns it. */
export interface Listener {
  /** Whether it wants `{stream, data}`. */
  readonly combined: boolean;
  send(message: Buffer): void;
}

/** Who listens to what. A message is made only if somebody does, and once for all of them. */
export class Audience {
  readonly #topics = new Map<Topic, Map<Listener, string>>();

  /** @param name as the listener called the stream */
  join(topic: Topic, listener: Listener, name: string): void {
    let listeners = this.#topics.get(topic);
    if (!listeners) {
      listeners = new Map();
      this.#topics.set(topic, listeners);
    }
    listeners.set(listener, name);
  }

  leave(topic: Topic, listener: Listener): void {
    const listeners = this.#topics.get(topic);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.#topics.delete(topic);
  }

  /** @param event makes the message's content; called at most once. @returns how many messages were sent */
  publish(topics: readonly Topic[], event: () => object): number {
    let text: string | null = null;
    let raw: Buffer | null = null;
    let sent = 0;
    for (const topic of topics) {
      const combined = new Map<string, Buffer>();
      for (const [listener, name] of this.#topics.get(topic) ?? []) {
        text ??= JSON.stringify(event());
        if (listener.combined) listener.send(wrapped(combined, name, text));
        else {
          raw ??= Buffer.from(text);
          listener.send(raw);
        }
        sent++;
      }
    }
    return sent;
  }
}

function wrapped(made: Map<string, Buffer>, name: string, text: string): Buffer {
  let message = made.get(name);
  if (!message) {
    message = Buffer.from(`{"stream":${JSON.stringify(name)},"data":${text}}`);
    made.set(name, message);
  }
  return message;
}
