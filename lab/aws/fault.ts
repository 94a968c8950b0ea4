import { NormalizedSchema } from "@smithy/core/schema";
import type { StaticErrorSchema } from "@smithy/types";

/** An answer that refuses: who is at fault, the HTTP status, and the code the client's SDK tells faults apart by. */
export class AwsFault extends Error {
  override readonly name = "AwsFault";
  readonly code: string;
  readonly status: number;
  readonly fault: "client" | "server";
  /** The modelled error, when the service's model has one; else one of the errors common to all services. */
  readonly schema: StaticErrorSchema | null;

  constructor(
    message: string,
    answer: Pick<AwsFault, "code" | "status" | "fault"> & { schema?: StaticErrorSchema },
  ) {
    super(message);
    this.code = answer.code;
    this.status = answer.status;
    this.fault = answer.fault;
    this.schema = answer.schema ?? null;
  }
}

/**
 * A fault of the service's own model. Its code and status are read from the schema: services of the Query protocol carry
 * a code that can differ from the shape's name (trait awsQueryError, `InvalidGlobalReplicationGroupState` of the shape
 * InvalidGlobalReplicationGroupStateFault).
 */
export function modelledFault(schema: StaticErrorSchema, message: string): AwsFault {
  const shape = NormalizedSchema.of(schema);
  const { error, httpError, awsQueryError } = shape.getMergedTraits();
  const fault = error === "server" ? "server" : "client";
  const [queryCode, queryStatus] = isQueryError(awsQueryError) ? awsQueryError : [];
  const name = shape.getName();
  if (name === undefined) throw new Error("an error schema without a name cannot be answered with");
  return new AwsFault(message, {
    code: queryCode ?? name,
    status: queryStatus ?? (typeof httpError === "number" ? httpError : fault === "server" ? 500 : 400),
    fault,
    schema,
  });
}

const isQueryError = (trait: unknown): trait is [code: string, status: number] =>
  Array.isArray(trait) && typeof trait[0] === "string" && typeof trait[1] === "number";

/** An error that every service answers with and none models; each protocol has its own code for it. */
export const clientFault = (code: string, message: string, status = 400): AwsFault =>
  new AwsFault(message, { code, status, fault: "client" });

/** What the services of the Query protocol answer too many calls with; the JSON ones say ThrottlingException. */
export const rateExceeded = (): AwsFault => clientFault("Throttling", "Rate exceeded");

/** What AWS says of a failure of its own where a service's model has no error for it. */
export const awsFailed = (): AwsFault =>
  new AwsFault("We encountered an internal error. Please try again.", {
    code: "InternalFailure",
    status: 500,
    fault: "server",
  });

/** The lab itself failed. AWS would say no more than "internal failure"; a rehearsal is better served by the cause. */
export const internalFailure = (cause: unknown): AwsFault =>
  new AwsFault(`the lab's control plane failed: ${cause instanceof Error ? cause.message : String(cause)}`, {
    code: "InternalFailure",
    status: 500,
    fault: "server",
  });
