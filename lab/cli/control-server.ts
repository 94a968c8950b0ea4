import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Lab } from "../lab.ts";
import {
  type ControlAccess,
  type ControlAnswer,
  type ControlCommand,
  controlCommandSchema,
} from "./control.ts";

const LARGEST_BODY = 64 * 1024;

/** Lets the command line control a running lab: loopback, and only with the token. */
export class ControlServer {
  readonly access: ControlAccess;
  readonly #server: Server;

  private constructor(server: Server, access: ControlAccess) {
    this.#server = server;
    this.access = access;
  }

  /** @param down ends the lab; answered once that is done. */
  static async start(lab: Lab, down: () => Promise<void>): Promise<ControlServer> {
    const token = randomBytes(24).toString("base64url");
    const server = createServer((request, response) => {
      serve(request, token, (command) => follow(command, lab, down)).then(
        ({ status, answer }) => reply(response, status, answer),
        (error: unknown) => reply(response, 500, { ok: false, error: String(error) }),
      );
    });
    await once(server.listen({ port: 0, host: "127.0.0.1" }), "listening");
    const { port } = server.address() as AddressInfo;
    return new ControlServer(server, { url: `http://127.0.0.1:${port}`, token });
  }

  async close(): Promise<void> {
    this.#server.closeIdleConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function follow(command: ControlCommand, lab: Lab, down: () => Promise<void>): Promise<unknown> {
  switch (command.kind) {
    case "status":
      return lab.status();
    case "down":
      return down();
    case "region":
      return lab.region(command.region)[command.action]();
    case "round-trip":
      return lab.link.setRoundTrip(command.ms);
    case "link":
      return lab.link[command.action](command.channels);
    default:
      return command satisfies never;
  }
}

interface Outcome {
  readonly status: number;
  readonly answer: ControlAnswer;
}

async function serve(
  request: IncomingMessage,
  token: string,
  carryOut: (command: ControlCommand) => Promise<unknown>,
): Promise<Outcome> {
  if (!holds(request, token)) return refused(401, "the token is not this lab's");
  const body = await read(request);
  const parsed = body === null ? null : controlCommandSchema.safeParse(body);
  if (!parsed?.success) return refused(400, parsed ? parsed.error.message : "the body is no JSON");
  try {
    return { status: 200, answer: { ok: true, result: (await carryOut(parsed.data)) ?? null } };
  } catch (error) {
    return refused(409, error instanceof Error ? error.message : String(error));
  }
}

const refused = (status: number, error: string): Outcome => ({ status, answer: { ok: false, error } });

function holds(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function read(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) return null;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return null;
  }
}

function reply(response: ServerResponse, status: number, answer: ControlAnswer): void {
  response.writeHead(status, { "content-type": "application/json", connection: "close" });
  response.end(JSON.stringify(answer));
}
