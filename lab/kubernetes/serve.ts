import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import { createServer, type Socket } from "node:net";
import type { EndpointState } from "../aws/cells.ts";
import { type ApiAnswer, type ApiRequest, isPublic } from "./api.ts";
import type { OwnCertificate } from "./certificate.ts";
import { statusObject } from "./objects.ts";
import { whatIsWrong } from "./token.ts";

export interface ServeOptions {
  readonly region: string;
  /** On loopback. */
  readonly port: number;
  readonly certificate: OwnCertificate;
  readonly api: (request: ApiRequest) => Promise<ApiAnswer>;
  /** How the region's endpoints answer now; asked for every connection, and before and after a request is served. */
  readonly endpointState: () => EndpointState;
}

export interface Served {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  close(): Promise<void>;
}

const LARGEST_BODY = 64 * 1024;

/**
 * Serves the API of a cell's cluster over TLS. One of a lost region resets connections or is silent, as the region's other
 * endpoints are. @throws Error when the port is taken
 */
export async function serveKubernetes(options: ServeOptions): Promise<Served> {
  const { port, certificate, endpointState } = options;
  const https = createHttps({ cert: certificate.certificate, key: certificate.key }, (request, response) => {
    serve(options, request, response).catch(() => request.socket.destroy());
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined); // "close" follows
    socket.once("close", () => sockets.delete(socket));
    const state = endpointState();
    if (state === "refuses") socket.resetAndDestroy();
    if (state === "answers") https.emit("connection", socket);
  });
  server.listen({ port, host: "127.0.0.1" });
  await once(server, "listening");
  const address = server.address();
  const bound = typeof address === "object" && address ? address.port : port;
  return {
    url: `https://127.0.0.1:${bound}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(
  options: ServeOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { api, region, endpointState } = options;
  if (endpointState() === "silent") return;
  const { method = "", headers } = request;
  const url = new URL(request.url ?? "/", "https://cluster");
  const wrong = isPublic(url) ? null : whatIsWrong(headers.authorization, region, Date.now());
  const body = await bodyOf(request);
  const answer =
    wrong === null
      ? await api({ method, url, contentType: headers["content-type"] ?? "", body })
      : { status: 401, body: statusObject(401, "Unauthorized", `Unauthorized: ${wrong}`) };
  // What was done, its caller cannot know when the region went down meanwhile.
  const state = endpointState();
  if (state === "silent") return;
  if (state === "refuses") {
    request.socket.destroy();
    return;
  }
  const isText = typeof answer.body === "string";
  response
    .writeHead(answer.status, { "content-type": isText ? "text/plain" : "application/json" })
    .end(isText ? answer.body : JSON.stringify(answer.body));
}

/** @throws Error when it is larger than any request there is */
async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new Error("the body is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
