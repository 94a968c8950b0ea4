import { Agent, request } from "node:https";

export interface ApiAccess {
  /** `https://…` */
  readonly endpoint: string;
  /** PEM of the one authority that may vouch for it. */
  readonly certificateAuthority: string;
  readonly token: () => Promise<string>;
}

/** The API refused a request. */
export class KubernetesRefused extends Error {
  readonly status: number;

  constructor(status: number, what: string, message: string) {
    super(`Kubernetes refused to ${what}: ${status} ${message}`);
    this.name = "KubernetesRefused";
    this.status = status;
  }
}

/** For the whole of a request; a lost region is silent. Milliseconds. */
const ANSWER_WITHIN_MS = 10_000;

/** A Kubernetes API: JSON over TLS, with the cluster's own authority, and nothing read from this machine's settings. */
export class KubernetesApi {
  readonly #access: ApiAccess;
  readonly #agent: Agent;

  constructor(access: ApiAccess) {
    this.#access = access;
    this.#agent = new Agent({ ca: access.certificateAuthority, keepAlive: true });
  }

  /** @returns the parsed answer. @throws KubernetesRefused, or the connection's error */
  get(path: string): Promise<unknown> {
    return this.#send("GET", path);
  }

  /** Merges the change into what is there (RFC 7386). @throws KubernetesRefused, or the connection's error */
  patch(path: string, change: object): Promise<unknown> {
    return this.#send("PATCH", path, change);
  }

  close(): void {
    this.#agent.destroy();
  }

  async #send(method: string, path: string, body?: object): Promise<unknown> {
    const token = await this.#access.token();
    const { status, text } = await this.#exchange(method, path, token, body && JSON.stringify(body));
    if (status >= 200 && status < 300) return JSON.parse(text);
    throw new KubernetesRefused(status, `${method} ${path}`, messageOf(text));
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
          agent: this.#agent,
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
