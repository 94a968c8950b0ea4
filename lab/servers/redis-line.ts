import { Redis } from "ioredis";

export interface RedisLineOptions {
  readonly url: string;
  /** A connection, or an answer, that takes longer has failed. Milliseconds. */
  readonly withinMs: number;
}

/**
 * One connection to a Redis server, kept open for what is asked again and again, one command at a time. Opened with the
 * first command, and again with the next one after it failed.
 */
export class RedisLine {
  readonly #options: RedisLineOptions;
  #redis: Redis | null = null;

  constructor(options: RedisLineOptions) {
    this.#options = options;
  }

  /** @throws Error when the server cannot be reached, or does not answer in time */
  async info(): Promise<string> {
    const redis = this.#redis ?? (await this.#open());
    try {
      return await redis.info();
    } catch (error) {
      this.#drop(redis);
      throw error;
    }
  }

  close(): void {
    if (this.#redis) this.#drop(this.#redis);
  }

  async #open(): Promise<Redis> {
    const { url, withinMs } = this.#options;
    const redis = new Redis(url, {
      lazyConnect: true,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      connectTimeout: withinMs,
      commandTimeout: withinMs,
      enableReadyCheck: false,
    });
    let failure: Error | null = null;
    redis.on("error", (error: Error) => {
      failure ??= error;
    });
    redis.on("end", () => this.#drop(redis));
    try {
      await redis.connect();
    } catch (error) {
      redis.disconnect();
      throw failure ?? error; // "connection is closed" says less than why it was not opened
    }
    this.#redis = redis;
    return redis;
  }

  #drop(redis: Redis): void {
    if (this.#redis === redis) this.#redis = null;
    redis.disconnect();
  }
}
