import { JsonCodec2 } from "@smithy/core/protocols";
import { NormalizedSchema } from "@smithy/core/schema";
import { type AwsFault, clientFault } from "../fault.ts";
import { type Path, type Problem, problemsOf } from "../schema/problems.ts";
import type { WireProtocol } from "./protocol.ts";
import { restProtocol } from "./rest/protocol.ts";

export interface RestJsonSettings {
  /** How the service refuses input that its model does not allow: EKS with `InvalidParameterException`. */
  readonly invalid?: (message: string) => AwsFault;
}

/** The REST-JSON protocol of EKS: see rest/protocol.ts. An error goes by the name of its shape, in a header. */
export function restJsonProtocol({
  invalid = (message) => clientFault("ValidationException", message),
}: RestJsonSettings = {}): WireProtocol {
  // Seconds since the epoch, as AWS's JSON protocols write timestamps.
  const codec = new JsonCodec2({ timestampFormat: { useTrait: true, default: 7 }, jsonName: true });

  return restProtocol({
    contentType: "application/json",
    requestIdHeader: "x-amzn-requestid",

    async read(schema, text) {
      const document = parsed(text);
      const problems = problemsOf(schema, document, "json");
      if (problems.length > 0) return { value: document, problems };
      const source = text.trim() === "" ? "{}" : text;
      return { value: await codec.createDeserializer().read(NormalizedSchema.of(schema), source), problems };
    },

    write(schema, value) {
      const serializer = codec.createSerializer();
      serializer.write(NormalizedSchema.of(schema), value);
      return new TextDecoder().decode(serializer.flush());
    },

    problem(problem: Problem) {
      const name = spelt(problem.path);
      switch (problem.is) {
        case "missing":
          return invalid(`${name} is missing; the operation requires it`);
        case "unknown":
          return invalid(`${name} is no parameter of the operation`);
        case "wrong-type":
          // A value of another type never reaches AWS's validation: its parser already gives up.
          return clientFault("SerializationException", `${name || "the body"} must be a ${problem.expected}`);
        default:
          return problem satisfies never;
      }
    },

    breach: ({ path, of, size, min, max }) =>
      invalid(`${spelt(path)} has the ${of} ${size}; it must be between ${min} and ${max}`),

    noOperation: (method, path) =>
      clientFault("UnknownOperationException", `there is no operation at ${method} ${path}`, 404),

    refuse: (fault, requestId) => ({
      status: fault.status,
      headers: {
        "content-type": "application/json",
        "x-amzn-requestid": requestId,
        "x-amzn-errortype": errorType(fault),
      },
      body: JSON.stringify({ message: fault.message }),
    }),
  });
}

function parsed(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw clientFault("SerializationException", `the body is not JSON: ${(cause as SyntaxError).message}`);
  }
}

const spelt = (path: Path): string => path.join(".");

const errorType = ({ schema, code }: AwsFault): string =>
  schema
    ? (NormalizedSchema.of(schema).getName() ?? code)
    : /(Exception|Failure)$/.test(code)
      ? code
      : `${code}Exception`;
