import type { IncomingHttpHeaders } from "node:http";
import type { StaticOperationSchema } from "@smithy/types";
import type { AwsFault } from "../fault.ts";
import type { Limits } from "../schema/limits.ts";

/** One HTTP request, whole. */
export interface WireRequest {
  readonly method: string;
  /** Path and query, as in the request line. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/**
 * How a service's requests and answers look on the wire. Everything about an operation comes from its schema: a protocol
 * knows no operation by name.
 */
export interface WireProtocol {
  /**
   * @param served schemas of the operations that the service has here. Protocols that name the operation in the request
   * need none of them; REST tells it by method and path. @throws AwsFault when the request does not name an operation the
   * way this protocol does.
   */
  operationName(request: WireRequest, served: readonly StaticOperationSchema[]): string;

  /** The answer to an operation that the service, or the lab, does not have. */
  unknownOperation(name: string): AwsFault;

  /**
   * Reads and checks the operation's input.
   * @throws AwsFault, with the protocol's own code, for what is malformed, unknown, missing or out of bounds.
   */
  readInput(operation: StaticOperationSchema, limits: Limits, request: WireRequest): Promise<unknown>;

  /** @param output fits the operation's output schema. */
  answer(operation: StaticOperationSchema, output: unknown, requestId: string): WireAnswer;

  refuse(fault: AwsFault, requestId: string): WireAnswer;
}

/** The names of an operation's parts: `[9, namespace, name, traits, input, output]`. */
export const operationParts = (schema: StaticOperationSchema) => {
  const [, namespace, name, , input, output] = schema;
  return { namespace, name, input, output };
};
