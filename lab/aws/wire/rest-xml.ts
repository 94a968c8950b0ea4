import { XmlShapeDeserializer, XmlShapeSerializer } from "@aws-sdk/core/protocols";
import { NormalizedSchema } from "@smithy/core/schema";
import type { StaticStructureSchema } from "@smithy/types";
import { type AwsFault, clientFault } from "../fault.ts";
import type { Path, Problem } from "../schema/problems.ts";
import type { WireProtocol } from "./protocol.ts";
import { restProtocol } from "./rest/protocol.ts";
import { readTree } from "./xml-tree.ts";

export interface RestXmlSettings {
  /** Namespace of every document the service answers with. */
  readonly xmlNamespace: string;
  /** What the path begins with and the model leaves to the endpoint: `/{Bucket}`. */
  readonly pathPrefix: string;
}

/** A document of any shape, as the SDK numbers it. */
const ANY_DOCUMENT = 15;

/** Dates and times are written as ISO 8601 wherever the model does not say otherwise. */
const ISO_TIMESTAMPS = 5;

/**
 * The REST-XML protocol as S3 speaks it: see rest/protocol.ts. S3's errors stand alone, without the envelope that other
 * services of this protocol put around them, and their codes are of S3's own list.
 */
export function restXmlProtocol({ xmlNamespace, pathPrefix }: RestXmlSettings): WireProtocol {
  const settings = {
    timestampFormat: { useTrait: true, default: ISO_TIMESTAMPS },
    httpBindings: true,
  } as const;

  return restProtocol({
    contentType: "application/xml",
    requestIdHeader: "x-amz-request-id",
    pathPrefix,

    async read(schema, text) {
      const reader = new XmlShapeDeserializer({ ...settings, xmlNamespace, serviceNamespace: "" });
      return readTree(schema, treeOf(reader, text));
    },

    write(schema, value) {
      const serializer = new XmlShapeSerializer({ ...settings, xmlNamespace, serviceNamespace: "" });
      serializer.write(NormalizedSchema.of(schema), value);
      return withProlog(serializer.flush().toString());
    },

    problem(problem: Problem) {
      const name = spelt(problem.path);
      switch (problem.is) {
        case "missing":
          return clientFault(
            "InvalidRequest",
            `Missing required header or parameter for this request: ${name}`,
          );
        case "unknown":
          return clientFault("InvalidArgument", `${name} is no parameter of the operation`);
        case "wrong-type":
          return clientFault("InvalidArgument", `${name || "the body"} must be a ${problem.expected}`);
        default:
          return problem satisfies never;
      }
    },

    breach: ({ path, of, size, min, max }) =>
      clientFault(
        "InvalidArgument",
        `${spelt(path)} has the ${of} ${size}; it must be between ${min} and ${max}`,
      ),

    noOperation: (method, path) =>
      clientFault(
        "MethodNotAllowed",
        `The specified method is not allowed against this resource: ${method} ${path}`,
        405,
      ),

    refuse: (fault, requestId) => ({
      status: fault.status,
      headers: { "content-type": "application/xml", "x-amz-request-id": requestId },
      body: writeError(fault, requestId),
    }),
  });
}

function treeOf(reader: XmlShapeDeserializer, text: string): unknown {
  try {
    return reader.read(ANY_DOCUMENT, Buffer.from(text));
  } catch (cause) {
    const because = cause instanceof Error ? cause.message : String(cause);
    throw clientFault("MalformedXML", `The XML you provided was not well-formed: ${because}`);
  }
}

function writeError({ code, message }: AwsFault, requestId: string): string {
  const error: StaticStructureSchema = [
    3,
    "castle.lab",
    "Error",
    0,
    ["Code", "Message", "RequestId"],
    [0, 0, 0],
  ];
  const serializer = new XmlShapeSerializer({
    timestampFormat: { useTrait: true, default: ISO_TIMESTAMPS },
    httpBindings: false,
    xmlNamespace: "",
    serviceNamespace: "",
  });
  serializer.write(error, { Code: code, Message: message, RequestId: requestId });
  return withProlog(serializer.flush().toString());
}

const withProlog = (document: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n${document}`;

const spelt = (path: Path): string => path.join(".");
