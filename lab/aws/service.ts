import { NormalizedSchema } from "@smithy/core/schema";
import type { $SchemaRef, StaticOperationSchema } from "@smithy/types";
import type { Certificates } from "./acm/certificates.ts";
import type { ControlledCells, ControlPlaneRegion } from "./cells.ts";
import type { MetricHistory } from "./cloudwatch/history.ts";
import type { Clusters } from "./clusters.ts";
import type { Observer } from "./events.ts";
import type { AwsFault } from "./fault.ts";
import type { Holdings, Replicas } from "./holdings.ts";
import { IdempotencyTokens } from "./idempotency.ts";
import type { LabIdentifiers } from "./identifiers.ts";
import type { Pace } from "./pace.ts";
import type { Restores } from "./rds/restores.ts";
import type { Snapshots } from "./rds/snapshots.ts";
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
  readonly snapshots: Snapshots;
  readonly restores: Restores;
  readonly buckets: Buckets;
  readonly clusters: Clusters;
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
 * One that takes an idempotency token is carried out once for each token in a region.
 * @throws Error for such an operation without a `tokenMismatch`: the lab would not know how AWS refuses one
 */
export function operation<Input>(
  schema: StaticOperationSchema,
  handle: (input: Input, call: Call) => Promise<object | undefined>,
  limits: Limits = {},
  tokenMismatch?: () => AwsFault,
): Operation {
  const { name, input: inputSchema } = operationParts(schema);
  const carryOut = (input: unknown, call: Call): Promise<object | undefined> => handle(input as Input, call);
  const member = tokenMember(inputSchema);
  if (member === null) return { name, schema, limits, handle: carryOut };
  if (!tokenMismatch)
    throw new Error(
      `${name} takes an idempotency token, ${member}; say how AWS refuses one that comes back with another input`,
    );
  const tokens = new IdempotencyTokens(tokenMismatch);
  return {
    ...{ name, schema, limits },
    handle: (input, call) => {
      const token = (input as Record<string, unknown>)[member];
      return typeof token === "string"
        ? tokens.once(`${call.region} ${token}`, input, () => carryOut(input, call))
        : carryOut(input, call);
    },
  };
}

/** The member of an operation's input that a client tells a repeat by; null when there is none. */
function tokenMember(input: $SchemaRef): string | null {
  const parsed = NormalizedSchema.of(input);
  if (!parsed.isStructSchema()) return null;
  for (const [member, schema] of parsed.structIterator())
    if (schema.getMergedTraits().idempotencyToken) return member;
  return null;
}
