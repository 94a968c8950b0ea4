import { JsonCodec2 } from "@smithy/core/protocols";
import { NormalizedSchema } from "@smithy/core/schema";
import { type AwsFault, clientFault } from "../fault.ts";
import { type Breach, breachesOf } from "../schema/limits.ts";
import { type Path, type Problem, problemsOf } from "../schema/problems.ts";
import { operationParts, type WireProtocol, type WireRequest } from "./protocol.ts";

export interface JsonSettings {
  readonly version: "1.0" | "1.1";
  /** What stands before the operation in X-Amz-Target: `GlobalAccelerator_V20180706`. */
  readonly serviceTarget: string;
  /**
   * The service spoke Query before (trait awsQueryCompatible): an error carries its old code beside the new one, in a
   * header, and clients go by that.
   */
  readonly queryCompatible?: boolean;
}

/**
 * The JSON protocols of Global Accelerator (1.1) and of newer services (1.0): the operation stands in X-Amz-Target, its
 * input in the body.
 *
 * AWS passes over members it does not know. The lab refuses them (`ValidationException`), for the reason given in
 * query.ts.
 */
export function jsonProtocol(settings: JsonSettings): WireProtocol {
  // Seconds since the epoch, as AWS's JSON protocols write timestamps.
  const codec = new JsonCodec2({ timestampFormat: { useTrait: true, default: 7 }, jsonName: false });

  const answerWith = (
    status: number,
    requestId: string,
    body: string,
    more: Record<string, string> = {},
  ) => ({
    status,
    headers: {
      "content-type": `application/x-amz-json-${settings.version}`,
      "x-amzn-requestid": requestId,
      ...more,
    },
    body,
  });

  return {
    operationName({ headers }) {
      const target = headers["x-amz-target"];
      const [service, operation, ...more] = typeof target === "string" ? target.split(".") : [];
      if (service !== settings.serviceTarget || !operation || more.length > 0)
        throw clientFault(
          "UnknownOperationException",
          `X-Amz-Target must be ${settings.serviceTarget}.<operation>, got ${JSON.stringify(target ?? "")}`,
        );
      return operation;
    },

    unknownOperation: (name) =>
      clientFault("UnknownOperationException", `${settings.serviceTarget} has no operation ${name}`),

    async readInput(operation, limits, request) {
      const { input } = operationParts(operation);
      const document = parseBody(request);
      const problems = problemsOf(input, document, "json");
      if (problems.length > 0) throw problemsFault(problems);

      const value: unknown = await codec
        .createDeserializer()
        .read(NormalizedSchema.of(input), request.body.toString());
      const breaches = breachesOf(limits, value);
      if (breaches.length > 0) throw validationFault(breaches.map(breachFinding));
      return value;
    },

    answer(operation, output, requestId) {
      const schema = NormalizedSchema.of(operationParts(operation).output);
      if (schema.isUnitSchema()) return answerWith(200, requestId, "");
      const serializer = codec.createSerializer();
      serializer.write(schema, output);
      return answerWith(200, requestId, new TextDecoder().decode(serializer.flush()));
    },

    refuse(fault, requestId) {
      const body = JSON.stringify({ __type: jsonCode(fault), [messageMember(fault)]: fault.message });
      const queryError = {
        "x-amzn-query-error": `${fault.code};${fault.fault === "client" ? "Sender" : "Receiver"}`,
      };
      return answerWith(fault.status, requestId, body, settings.queryCompatible ? queryError : {});
    },
  };
}

function parseBody({ body }: WireRequest): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (cause) {
    throw clientFault("SerializationException", `the body is not JSON: ${(cause as SyntaxError).message}`);
  }
}

function problemsFault(problems: readonly Problem[]): AwsFault {
  const mistyped = problems.find((problem) => problem.is === "wrong-type");
  // A value of another type never reaches AWS's validation: its parser already gives up.
  if (mistyped)
    return clientFault(
      "SerializationException",
      `${spelt(mistyped.path) || "the body"} must be a ${mistyped.expected}`,
    );
  return validationFault(
    problems.map(({ path, is }) =>
      is === "missing"
        ? `Value null at '${spelt(path)}' failed to satisfy constraint: Member must not be null`
        : `'${spelt(path)}' failed to satisfy constraint: Member must be one the operation has`,
    ),
  );
}

function breachFinding({ path, of, size, min, max }: Breach): string {
  const given = of === "value" ? `'${size}' ` : "";
  const bound = size < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`;
  return `Value ${given}at '${spelt(path)}' failed to satisfy constraint: Member must have ${of} ${bound}`;
}

function validationFault(findings: readonly string[]): AwsFault {
  const count = `${findings.length} validation error${findings.length === 1 ? "" : "s"} detected`;
  return clientFault("ValidationException", `${count}: ${findings.join("; ")}`);
}

/** AWS spells a path in lower camel case, with `N.member` for a list's Nth: `endpointConfigurations.1.member.weight`. */
const spelt = (path: Path): string =>
  path
    .map((step) =>
      typeof step === "number" ? `${step + 1}.member` : step.charAt(0).toLowerCase() + step.slice(1),
    )
    .join(".");

/** In JSON an error goes by the name of its shape, and the common errors carry "Exception" at the end. */
function jsonCode(fault: AwsFault): string {
  if (fault.schema) return NormalizedSchema.of(fault.schema).getName() ?? fault.code;
  if (fault.code === "SignatureDoesNotMatch") return "InvalidSignatureException";
  return /(Exception|Failure)$/.test(fault.code) ? fault.code : `${fault.code}Exception`;
}

/** Some models spell the member Message, most message. */
const messageMember = (fault: AwsFault): string =>
  fault.schema?.[4].find((name) => name.toLowerCase() === "message") ?? "message";
