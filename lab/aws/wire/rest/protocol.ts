import type { NormalizedSchema } from "@smithy/core/schema";
import type { $SchemaRef, StaticOperationSchema, StaticStructureSchema } from "@smithy/types";
import { type AwsFault, clientFault } from "../../fault.ts";
import { type Breach, breachesOf } from "../../schema/limits.ts";
import { type Problem, problemsOf } from "../../schema/problems.ts";
import { operationParts, type WireProtocol, type WireRequest } from "../protocol.ts";
import { bodyOf } from "./bindings.ts";
import { readBound } from "./read.ts";
import { type Match, match, routeOf, saysMore } from "./route.ts";
import { writeBound } from "./write.ts";

/** The language of the bodies of a REST protocol. */
export interface RestLanguage {
  /** Of documents. */
  readonly contentType: string;
  /** Where services tell the request's id. */
  readonly requestIdHeader: string;
  /** What the path begins with and the model leaves to the endpoint: `/{Bucket}` of S3. */
  readonly pathPrefix?: string;
  /** @throws AwsFault when the text is not of this language at all. */
  readonly read: (schema: $SchemaRef, text: string) => Promise<BodyReading>;
  readonly write: (schema: StaticStructureSchema | NormalizedSchema, value: unknown) => string;
  /** The refusal of what is not as the schema says, in the service's own code. */
  readonly problem: (problem: Problem) => AwsFault;
  readonly breach: (breach: Breach) => AwsFault;
  /** The refusal of a method and path that is no operation. */
  readonly noOperation: (method: string, path: string) => AwsFault;
  readonly refuse: WireProtocol["refuse"];
}

export interface BodyReading {
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/**
 * What the REST protocols have in common: the operation is told by method and path, and its members stand in path, query,
 * headers and body, as the model's traits say (https://smithy.io/2.0/spec/http-bindings.html).
 *
 * AWS passes over parameters it does not know. The lab refuses them, for the reason given in query.ts.
 */
export function restProtocol(language: RestLanguage): WireProtocol {
  const { pathPrefix } = language;
  const taken = (request: WireRequest, served: readonly StaticOperationSchema[]) =>
    served
      .flatMap((schema): { schema: StaticOperationSchema; matched: Match }[] => {
        const matched = match(routeOf(schema, pathPrefix), request);
        return matched ? [{ schema, matched }] : [];
      })
      .sort((a, b) => saysMore(a.matched.route, b.matched.route))[0];

  return {
    operationName(request, served) {
      const found = taken(request, served);
      if (!found) throw language.noOperation(request.method, request.target);
      return operationParts(found.schema).name;
    },

    unknownOperation: (name) =>
      clientFault("UnknownOperationException", `there is no operation ${name}`, 404),

    async readInput(operation, limits, request) {
      const { name, input } = operationParts(operation);
      const found = taken(request, [operation]);
      if (!found) throw new Error(`${request.method} ${request.target} is not ${name}`);
      const bound = readBound(input, found.matched, request);
      const body = await readBody(input, request, language);
      const value = { ...bound.value, ...body.value };
      // A body that does not read is one problem, not one for each member that is missing then.
      const problems = [...bound.problems, ...body.problems];
      const [problem] = problems.length > 0 ? problems : problemsOf(input, value, "parsed");
      if (problem) throw language.problem(problem);
      const [breach] = breachesOf(limits, value);
      if (breach) throw language.breach(breach);
      return value;
    },

    answer(operation, output, requestId) {
      const { output: schema } = operationParts(operation);
      const { headers, status } = writeBound(schema, output);
      const { contentType, body } = writeBody(schema, output, language);
      return {
        status: status ?? routeOf(operation, pathPrefix).status,
        headers: {
          ...(contentType !== null && { "content-type": contentType }),
          [language.requestIdHeader]: requestId,
          ...headers,
        },
        body,
      };
    },

    refuse: language.refuse,
  };
}

interface BodyMembers {
  readonly value: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
}

async function readBody(
  input: $SchemaRef,
  { body: bytes }: WireRequest,
  language: RestLanguage,
): Promise<BodyMembers> {
  const body = bodyOf(input, "request");
  if (body.is === "nothing") return { value: {}, problems: [] };
  if (body.is === "document") {
    // An empty body is a document without members: which of them are missing is told later.
    const { value, problems } = await language.read(body.schema, bytes.toString("utf8"));
    return { value: isRecord(value) ? value : {}, problems };
  }
  const { name, schema } = body;
  if (schema.isBlobSchema()) return { value: { [name]: bytes }, problems: [] };
  if (bytes.length === 0) return { value: {}, problems: [] };
  if (schema.isStringSchema()) return { value: { [name]: bytes.toString("utf8") }, problems: [] };
  const { value, problems } = await language.read(schema, bytes.toString("utf8"));
  return {
    value: { [name]: value },
    problems: problems.map((problem) => ({ ...problem, path: [name, ...problem.path] })),
  };
}

function writeBody(output: $SchemaRef, value: unknown, language: RestLanguage) {
  const body = bodyOf(output, "answer");
  const document = (schema: StaticStructureSchema | NormalizedSchema, of: unknown) => ({
    contentType: language.contentType,
    body: language.write(schema, of),
  });
  if (body.is === "nothing") return { contentType: null, body: "" };
  if (body.is === "document") return document(body.schema, value);
  const payload = isRecord(value) ? value[body.name] : undefined;
  if (payload === undefined || payload === null) return { contentType: null, body: "" };
  if (payload instanceof Uint8Array) return { contentType: "application/octet-stream", body: payload };
  if (typeof payload === "string") return { contentType: "text/plain", body: payload };
  return document(body.schema, payload);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
