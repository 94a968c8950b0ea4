import { Readable } from "node:stream";
import type { AwsFault } from "@castle/lab/aws/fault.ts";
import type { Limits } from "@castle/lab/aws/schema/limits.ts";
import { operationParts, type WireProtocol, type WireRequest } from "@castle/lab/aws/wire/protocol.ts";
import { type HttpRequest, HttpResponse } from "@smithy/core/protocols";
import type { StaticOperationSchema } from "@smithy/types";

export interface Served {
  readonly schema: StaticOperationSchema;
  readonly limits?: Limits;
  /** What is read of the request. */
  readonly handle: (input: unknown) => object;
}

/**
 * The SDK's client and a protocol of the lab, without a network between them: give it to a client as its request handler.
 */
export function inMemory(protocol: WireProtocol, served: readonly Served[]) {
  return {
    handle: async (request: HttpRequest) => {
      const { status, headers, body } = await answerTo(protocol, served, wireRequest(request));
      return {
        response: new HttpResponse({
          statusCode: status,
          headers: { ...headers },
          body: Readable.from([bytes(body)]),
        }),
      };
    },
    destroy: () => undefined,
    metadata: { handlerProtocol: "http/1.1" },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}

export async function answerTo(protocol: WireProtocol, served: readonly Served[], request: WireRequest) {
  try {
    const name = protocol.operationName(
      request,
      served.map(({ schema }) => schema),
    );
    const one = served.find(({ schema }) => operationParts(schema).name === name);
    if (!one) throw protocol.unknownOperation(name);
    const input = await protocol.readInput(one.schema, one.limits ?? {}, request);
    return protocol.answer(one.schema, one.handle(input), "5ad0a04e");
  } catch (fault) {
    return protocol.refuse(fault as AwsFault, "5ad0a04e");
  }
}

function wireRequest({ method, path, query, headers, body }: HttpRequest): WireRequest {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {}))
    for (const text of Array.isArray(value) ? value : [value]) parameters.append(key, text ?? "");
  const lower = Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text]);
  return {
    method,
    target: parameters.size > 0 ? `${path}?${parameters}` : path,
    headers: Object.fromEntries(lower),
    body: Buffer.from(bytes(body ?? "")),
  };
}

const bytes = (body: string | Uint8Array): Uint8Array =>
  typeof body === "string" ? new TextEncoder().encode(body) : body;
