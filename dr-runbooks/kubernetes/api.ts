import { request } from "node:https";
import { callBegun } from "@castle/regions/calls/heard.ts";
import type { KubernetesOperation } from "./calls.ts";

export interface ApiAccess {
  /** `https://…` */
  readonly endpoint: string;
  /** PEM of the one authority that may vouch for it. */
  readonly certificateAuthority: string;
  readonly token: () => Promise<string>;
  /** The cluster's, for whoever follows what is called where. */
  readonly region: string;
  readonly cluster: string;
}

/** The API refused a request. */
export class KubernetesRefused extends Error {
  readonly status: number;

  constructor(status: number, what: string, message: string) {
    super(`Kubernetes refused to ${what}: ${status} ${message}`);
    this.name = "KubernetesRefused";
    this.status = status;
  }

  /** Too many requests, or a failure of the API's own: the same may work in a moment. */
  get isPassing(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}

/** For the whole of a request; a lost region is silent. Milliseconds. */
const ANSWER_WITHIN_MS = 10_000;

/** A Kubernetes API: JSON over TLS, with the cluster's own authority, and nothing read from this machine's settings. */
export class KubernetesApi {
  readonly #access: ApiAccess;

  constructor(access: ApiAccess) {
    this.#access = access;
  }

  /** @returns the parsed answer. @throws KubernetesRefused, or the connection's error */
  get(operation: KubernetesOperation, path: string): Promise<unknown> {
    return this.#send(operation, "GET", path);
  }

  /** Merges the change into what is there (RFC 7386). @throws KubernetesRefused, or the connection's error */
  patch(operation: KubernetesOperation, path: string, change: object): Promise<unknown> {
    return this.#send(operation, "PATCH", path, change);
  }

  async #send(operation: KubernetesOperation, method: string, path: string, body?: object): Promise<unknown> {
    const { region, cluster: resource } = this.#access;
    const token = await this.#access.token();
    const told = callBegun(() => ({ service: "kubernetes", operation, region, resource }));
    try {
      const { status, text } = await this.#exchange(method, path, token, body && JSON.stringify(body));
      const refused = status >= 200 && status < 300 ? null : `${method} ${path}`;
      told?.({ status, error: refused && KubernetesRefused.name, requestId: null });
      if (refused !== null) throw new KubernetesRefused(status, refused, messageOf(text));
      return JSON.parse(text);
    } catch (error) {
      told?.({ status: null, error: error instanceof Error ? error.name : "Error", requestId: null });
      throw error;
    }
  }

  #exchange(
    method: string,
    path: string,
    token: string,
    body: string | undefined,
  ): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const sent = request(
        new URL(path, this.#access.endpoint),
        {
          method,
          // A connection for each of the few requests there are: none is left for somebody to close.
          agent: false,
          ca: this.#access.certificateAuthority,
          signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
          headers: {
            accept: "application/json",
            authorization: `Bearer ${token}`,
            ...(body === undefined ? {} : { "content-type": "application/merge-patch+json" }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
          );
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
  }
}

/** The message of a Status object; else the beginning of whatever came. */
function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === "string") return message;
  } catch {
    // Not what Kubernetes answers with: something else stands there.
  }
  return text.slice(0, 200);
}
