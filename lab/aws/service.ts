import type { StaticOperationSchema } from "@smithy/types";
import type { ControlledCells, ControlPlaneRegion } from "./cells.ts";
import type { Observer } from "./events.ts";
import type { AwsFault } from "./fault.ts";
import type { LabIdentifiers } from "./identifiers.ts";
import type { Pace } from "./pace.ts";
import type { Limits } from "./schema/limits.ts";
import { operationParts, type WireProtocol } from "./wire/protocol.ts";

/** One AWS service, as far as the lab has it. */
export interface AwsService {
  /** Its name in a signature's credential scope. */
  readonly signingName: string;
  /** The regions that have an endpoint of it. */
  readonly regions: readonly ControlPlaneRegion[];
  readonly protocol: WireProtocol;
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
}

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
 */
export function operation<Input>(
  schema: StaticOperationSchema,
  handle: (input: Input, call: Call) => Promise<object>,
  limits: Limits = {},
): Operation {
  return {
    name: operationParts(schema).name,
    schema,
    limits,
    handle: (input, call) => handle(input as Input, call),
  };
}
