import { lookup } from "node:dns/promises";
import type { IncomingMessage } from "node:http";
import { get as getByTls, Agent as TlsAgent } from "node:https";
import { isIP } from "node:net";
import type { Duration } from "@castle/regions/duration.ts";
import { type Reading, readingOf } from "./reading.ts";

// An import of node:http reads all that it exports, and so loads the whole of fetch, which nothing here uses.
const { Agent, get } = process.getBuiltinModule("node:http");

/** Text of a gateway's metrics is some tens of kilobytes. */
const MOST_BYTES = 1_000_000;

/** The gateways of one cell, as their metrics tell of them. */
export class Gateways {
  readonly #urls: readonly URL[];
  readonly #http = new Agent({ keepAlive: true });
  readonly #https = new TlsAgent({ keepAlive: true });

  constructor(urls: readonly string[]) {
    this.#urls = urls.map((url) => new URL(url));
  }

  /** Each gateway's reading, by its address; one that does not answer in time is left out. Never rejects. */
  async read(within: Duration): Promise<ReadonlyMap<string, Reading>> {
    const signal = AbortSignal.timeout(within.ms);
    const found = await Promise.all(
      this.#urls.map(async (url) => {
        const addresses = await addressesOf(url.hostname).catch(() => []);
        return Promise.all(addresses.map((address) => this.#ask(url, address, signal)));
      }),
    );
    return new Map(found.flat().filter((answer) => answer !== null));
  }

  /** Ends the connections it keeps open. */
  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  async #ask(url: URL, address: string, signal: AbortSignal): Promise<readonly [string, Reading] | null> {
    try {
      const reading = readingOf(await this.#text(url, address, signal), performance.now());
      return reading && ([`${address}:${url.port}${url.pathname}`, reading] as const);
    } catch {
      return null;
    }
  }

  /** The address is given, so that a name which stands for several gateways is asked at each; TLS vouches for the name. */
  #text(url: URL, address: string, signal: AbortSignal): Promise<string> {
    const byTls = url.protocol === "https:";
    const options = {
      ...{ host: address, port: url.port, path: `${url.pathname}${url.search}`, signal },
      headers: { host: url.host },
    };
    return new Promise((resolve, reject) => {
      const answered = (response: IncomingMessage): void => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
          if (text.length > MOST_BYTES) response.destroy(new Error("too much for metrics"));
        });
        response.on("error", reject);
        response.on("end", () =>
          response.statusCode === 200 ? resolve(text) : reject(new Error(`HTTP ${response.statusCode}`)),
        );
      };
      const request = byTls
        ? getByTls({ ...options, agent: this.#https, servername: url.hostname }, answered)
        : get({ ...options, agent: this.#http }, answered);
      request.on("error", reject);
    });
  }
}

async function addressesOf(hostname: string): Promise<string[]> {
  const host = hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0) return [host];
  return (await lookup(host, { all: true })).map(({ address }) => address);
}
