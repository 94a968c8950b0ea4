import { randomUUID } from "node:crypto";
import type { ControlledCells } from "./cells.ts";
import type { Conduct, Trouble } from "./conduct.ts";
import { readCredentialScope } from "./credential-scope.ts";
import type { Observer } from "./events.ts";
import { AwsFault, clientFault, internalFailure } from "./fault.ts";
import type { Pace } from "./pace.ts";
import { problemsOf } from "./schema/problems.ts";
import { type AwsService, type Call, type Operation, protocolOf } from "./service.ts";
import { jsonProtocol } from "./wire/json.ts";
import { operationParts, type WireAnswer, type WireProtocol, type WireRequest } from "./wire/protocol.ts";
import { queryProtocol } from "./wire/query.ts";

/** What the caller of a region gets: an answer, or one of the two ways in which a lost region gives none. */
export type Outcome = WireAnswer | "refuses" | "silent";

export interface DispatcherParts {
  readonly services: readonly AwsService[];
  readonly cells: ControlledCells;
  readonly observe: Observer;
  readonly conduct: Conduct;
  readonly pace: Pace;
}

/**
 * Routes a request by its signature's credential scope, as AWS's hosts do by their names, and serves it. Regions are kept
 * apart: a request signed for a region that is gone gets nothing, whatever the other regions could say.
 */
export function dispatcher({
  services,
  cells,
  observe,
  ...manner
}: DispatcherParts): (request: WireRequest) => Promise<Outcome> {
  return async (request) => {
    const started = performance.now();
    const requestId = randomUUID();
    const trace: Trace = { service: null, operation: null, region: null, trouble: null };
    let fault: AwsFault | null = null;
    let outcome: Outcome;
    try {
      const { service, call } = route(services, request, trace);
      const state = cells.endpointState(call.region);
      outcome =
        state === "answers" ? await serve(service, call, { request, requestId, trace, ...manner }) : state;
    } catch (cause) {
      fault = cause instanceof AwsFault ? cause : internalFailure(cause);
      const addressed = services.find(({ signingName }) => signingName === trace.service);
      outcome = (addressed ? protocolOf(addressed, request) : protocolBySight(request)).refuse(
        fault,
        requestId,
      );
    }
    const sent = sentFrom(trace, cells, outcome);
    observe({
      kind: "call",
      ...trace,
      status: typeof sent === "string" ? null : sent.status,
      code: typeof sent === "string" ? null : (fault?.code ?? null),
      message: typeof sent === "string" ? null : (fault?.message ?? null),
      requestId,
      durationMs: performance.now() - started,
    });
    return sent;
  };
}

interface Trace {
  service: string | null;
  operation: string | null;
  region: Call["region"] | null;
  trouble: Trouble["is"] | null;
}

function route(services: readonly AwsService[], request: WireRequest, trace: Trace) {
  const reading = readCredentialScope(request.headers.authorization);
  if (reading.is === "missing")
    throw clientFault("MissingAuthenticationToken", "Request is missing Authentication Token", 403);
  if (reading.is === "malformed") throw clientFault("IncompleteSignature", reading.because);

  const { scope } = reading;
  const service = services.find(({ signingName }) => signingName === scope.service);
  if (!service)
    throw clientFault(
      "SignatureDoesNotMatch",
      `Credential should be scoped to correct service; the lab has ${services.map((s) => s.signingName).join(", ")}, ` +
        `not '${scope.service}'`,
      403,
    );
  trace.service = service.signingName;

  const region = service.regions.find((known) => known === scope.region);
  if (!region)
    throw clientFault(
      "SignatureDoesNotMatch",
      `Credential should be scoped to a valid region, not '${scope.region}'; ${service.signingName} is in ` +
        service.regions.join(", "),
      403,
    );
  trace.region = region;
  return { service, call: { region } };
}

interface Serving {
  readonly request: WireRequest;
  readonly requestId: string;
  readonly trace: Trace;
  readonly conduct: Conduct;
  readonly pace: Pace;
}

async function serve(
  service: AwsService,
  call: Call,
  { request, requestId, trace, conduct, pace }: Serving,
): Promise<WireAnswer> {
  const protocol = protocolOf(service, request);
  const name = protocol.operationName(
    request,
    service.operations.map(({ schema }) => schema),
  );
  const operation = service.operations.find((known) => known.name === name);
  if (!operation) throw protocol.unknownOperation(name);
  trace.operation = name;

  const trouble = conduct.meet({ service: service.signingName, operation: name, region: call.region });
  trace.trouble = trouble?.is ?? null;
  if (trouble?.is === "throttled") throw service.failures.throttled();
  if (trouble?.is === "internal-error") throw service.failures.internal();
  if (trouble?.is === "slow") await pace.wait(trouble.ms);

  const input = await protocol.readInput(operation.schema, operation.limits, request);
  const output = await operation.handle(input, call);
  requireValidOutput(operation, output);
  return protocol.answer(operation.schema, output, requestId);
}

/** An answer that AWS could not have given would teach a runbook something false. */
function requireValidOutput(operation: Operation, output: unknown): void {
  const problems = problemsOf(operationParts(operation.schema).output, output, "parsed");
  if (problems.length === 0) return;
  const list = problems.map(({ path, is }) => `${path.join(".")} is ${is}`).join(", ");
  throw new Error(`its answer to ${operation.name} does not fit the SDK's model: ${list}`);
}

/**
 * A region that went down while it served a request sends no answer, nor does a connection that is cut: what the request
 * did, its caller cannot know.
 */
function sentFrom({ region, trouble }: Trace, cells: ControlledCells, outcome: Outcome): Outcome {
  if (region === null || typeof outcome === "string") return outcome;
  if (trouble === "lost-answer") return "refuses";
  const state = cells.endpointState(region);
  return state === "answers" ? outcome : state;
}

/** For refusals before the service is known: AWS answers in the language it is spoken to. */
const protocolBySight = (request: WireRequest): WireProtocol =>
  request.headers["x-amz-target"] === undefined ? anyQuery : anyJson;

const anyQuery = queryProtocol({
  version: "",
  xmlNamespace: "http://webservices.amazon.com/AWSFault/2005-15-09",
});
const anyJson = jsonProtocol({ version: "1.1", serviceTarget: "" });
