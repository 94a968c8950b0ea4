import { NormalizedSchema } from "@smithy/core/schema";
import type { StaticOperationSchema } from "@smithy/types";
import type { Certificates } from "./acm/certificates.ts";
import type { ControlledCells, ControlPlaneRegion } from "./cells.ts";
import type { MetricHistory } from "./cloudwatch/history.ts";
import type { Observer } from "./events.ts";
import type { AwsFault } from "./fault.ts";
import type { Holdings, Replicas } from "./holdings.ts";
import type { LabIdentifiers } from "./identifiers.ts";
import type { Pace } from "./pace.ts";
import type { Buckets } from "./s3/buckets.ts";
import type { Limits } from "./schema/limits.ts";
import type { Topics } from "./sns/topics.ts";
import type { ProtocolBySight } from "./wire/by-sight.ts";
import { operationParts, type WireProtocol, type WireRequest } from "./wire/protocol.ts";

/** One AWS service, as far as the lab has it. */
export interface AwsService {
  /** Its name in a signature's credential scope. */
  readonly signingName: string;
  /** The regions that have an endpoint of it. */
  readonly regions: readonly ControlPlaneRegion[];
  /** The one it speaks, or how to tell which of several a request is in. */
  readonly protocol: WireProtocol | ProtocolBySight;
  readonly operations: readonly Operation[];
  /** How it refuses what it was fit to serve, in its own codes. */
  readonly failures: { readonly throttled: () => AwsFault; readonly internal: () => AwsFault };
}

/** What every service of the lab is built over. */
export interface ServiceParts {
  readonly cells: ControlledCells;
  readonly identifiers: LabIdentifiers;
  readonly observe: Observer;
  readonly pace: Pace;
  readonly holdings: Holdings;
  readonly replicas: Replicas;
  readonly metrics: MetricHistory;
  readonly topics: Topics;
  readonly certificates: Certificates;
  readonly buckets: Buckets;
}

/** The protocol in which a request is read and answered. */
export const protocolOf = ({ protocol }: AwsService, request: WireRequest): WireProtocol =>
  typeof protocol === "function" ? protocol(request) : protocol;

export interface Operation {
  readonly name: string;
  readonly schema: StaticOperationSchema;
  readonly limits: Limits;
  /** @throws AwsFault to refuse. */
  handle(input: unknown, call: Call): Promise<unknown>;
}

/** What a request says besides its input. */
export interface Call {
  /** The region it was signed for: where AWS would have served it. */
  readonly region: ControlPlaneRegion;
}

/**
 * An operation of the SDK's model and what the lab does for it. `Input` must be the SDK's type for the schema's input:
 * the protocol hands on only what has been checked against that schema, so this is where the two are taken for one.
 *
 * @throws Error for an operation that takes an idempotency token, since the lab would pass over it.
 */
export function operation<Input>(
  schema: StaticOperationSchema,
  handle: (input: Input, call: Call) => Promise<object | undefined>,
  limits: Limits = {},
): Operation {
  requireNoToken(schema);
  return {
    name: operationParts(schema).name,
    schema,
    limits,
    handle: (input, call) => handle(input as Input, call),
  };
}

/**
 * A client that repeats a request with the same token counts on its being carried out once. None of the lab's operations
 * takes one: what they change is told by the resource's own state, and a repeated one is refused or changes nothing.
 */
function requireNoToken(schema: StaticOperationSchema): void {
  const { name, input } = operationParts(schema);
  const parsed = NormalizedSchema.of(input);
  if (!parsed.isStructSchema()) return;
  for (const [member, memberSchema] of parsed.structIterator())
    if (memberSchema.getMergedTraits().idempotencyToken)
      throw new Error(
        `${name} takes an idempotency token, ${member}; the lab remembers none yet, and would carry a repeat out twice`,
      );
}
