import { XmlShapeSerializer } from "@aws-sdk/core/protocols";
import { NormalizedSchema } from "@smithy/core/schema";
import type { $SchemaRef, StaticStructureSchema } from "@smithy/types";
import { type AwsFault, clientFault } from "../fault.ts";
import { breachesOf } from "../schema/limits.ts";
import { type Path, type Problem, problemsOf } from "../schema/problems.ts";
import { operationParts, type WireAnswer, type WireProtocol, type WireRequest } from "./protocol.ts";
import { foldForm, readForm } from "./query-form.ts";

export interface QuerySettings {
  /** The one API version the service answers to, "2014-10-31". */
  readonly version: string;
  /** Namespace of every document the service answers with. */
  readonly xmlNamespace: string;
}

/**
 * The Query protocol of RDS, ElastiCache and SNS, and of older clients of CloudWatch: a form goes in, XML comes out.
 *
 * AWS passes over parameters it does not know. The lab refuses them (`InvalidQueryParameter`): a misspelt parameter in a
 * runbook is what a rehearsal is there to find.
 */
export function queryProtocol(settings: QuerySettings): WireProtocol {
  return {
    operationName(request) {
      const form = formOf(request);
      const action = form.get("Action");
      if (!action) throw clientFault("MissingAction", "the request must contain the parameter Action");
      if (form.get("Version") !== settings.version)
        throw clientFault(
          "InvalidAction",
          `could not find operation ${action} for version ${form.get("Version") ?? "NO_VERSION_SPECIFIED"}; ` +
            `the version is ${settings.version}`,
        );
      return action;
    },

    unknownOperation: (name) =>
      clientFault("InvalidAction", `could not find operation ${name} for version ${settings.version}`),

    async readInput(operation, limits, request) {
      const form = formOf(request);
      for (const envelope of ["Action", "Version"]) form.delete(envelope);
      const folded = foldForm(form);
      if ("givenTwice" in folded)
        throw clientFault(
          "MalformedQueryString",
          `the parameter ${folded.givenTwice} is given more than once`,
        );

      const { input } = operationParts(operation);
      const { value, problems } = readForm(input, folded);
      const [problem] = [...problems, ...problemsOf(input, value, "parsed")];
      if (problem) throw problemFault(problem);

      const [breach] = breachesOf(limits, value);
      if (breach)
        throw clientFault(
          "InvalidParameterValue",
          `Invalid ${breach.of} ${breach.size} for ${spelt(breach.path)}. ` +
            `Must be between ${breach.min} and ${breach.max}`,
        );
      return value;
    },

    answer(operation, output, requestId) {
      const { namespace, name, output: outputSchema } = operationParts(operation);
      const metadata = structure(namespace, "ResponseMetadata", { RequestId: 0 });
      // An operation that answers nothing has no element for its result.
      const isEmpty = NormalizedSchema.of(outputSchema).isUnitSchema();
      const envelope = structure(namespace, `${name}Response`, {
        ...(!isEmpty && { [`${name}Result`]: outputSchema }),
        ResponseMetadata: metadata,
      });
      const document = {
        ...(!isEmpty && { [`${name}Result`]: output }),
        ResponseMetadata: { RequestId: requestId },
      };
      return xmlAnswer(200, requestId, writeXml(settings, envelope, document));
    },

    refuse: (fault, requestId) => xmlAnswer(fault.status, requestId, writeError(settings, fault, requestId)),
  };
}

/** A POST carries its parameters in the body; a GET, which the protocol allows too, in its target. */
function formOf(request: WireRequest): URLSearchParams {
  if (request.method === "GET") return new URL(request.target, "http://control-plane").searchParams;
  return new URLSearchParams(request.body.toString("utf8"));
}

/** The codes are those of the services' list of common errors. */
function problemFault(problem: Problem): AwsFault {
  const name = spelt(problem.path);
  switch (problem.is) {
    case "missing":
      return clientFault("MissingParameter", `The request must contain the parameter ${name}`);
    case "unknown":
      return clientFault("InvalidQueryParameter", `The parameter ${name} is not recognized`);
    case "wrong-type":
      return clientFault(
        "InvalidParameterValue",
        `Invalid value ${JSON.stringify(problem.value)} for ${name}. Must be a ${problem.expected}`,
      );
    default:
      return problem satisfies never;
  }
}

/** List positions count from 1 in a form. */
const spelt = (path: Path): string =>
  path.map((step) => (typeof step === "number" ? step + 1 : step)).join(".");

const structure = (
  namespace: string,
  name: string,
  members: Readonly<Record<string, $SchemaRef>>,
): StaticStructureSchema => [3, namespace, name, 0, Object.keys(members), Object.values(members)];

function writeError(settings: QuerySettings, fault: AwsFault, requestId: string): string {
  const error = structure("castle.lab", "Error", { Type: 0, Code: 0, Message: 0 });
  const envelope = structure("castle.lab", "ErrorResponse", { Error: error, RequestId: 0 });
  return writeXml(settings, envelope, {
    Error: {
      Type: fault.fault === "client" ? "Sender" : "Receiver",
      Code: fault.code,
      Message: fault.message,
    },
    RequestId: requestId,
  });
}

/** Query services write timestamps as ISO 8601 wherever their model does not say otherwise. */
const isoTimestamps = 5;

function writeXml(settings: QuerySettings, schema: StaticStructureSchema, document: unknown): string {
  const serializer = new XmlShapeSerializer({
    timestampFormat: { useTrait: true, default: isoTimestamps },
    httpBindings: false,
    xmlNamespace: settings.xmlNamespace,
    serviceNamespace: schema[1],
  });
  serializer.write(schema, document);
  return serializer.flush().toString();
}

const xmlAnswer = (status: number, requestId: string, body: string): WireAnswer => ({
  status,
  headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
  body,
});
