import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
// It says at every start that it is not maintained any more: which is why its models are a second opinion.
require("aws-sdk/lib/maintenance_mode_message").suppress = true;
/** The parser that it reads XML with itself. */
const { parseString } = createRequire(require.resolve("aws-sdk/package.json"))("xml2js") as Xml2Js;

type Xml2Js = {
  parseString(text: string, options: object, done: (error: Error | null, tree: unknown) => void): void;
};

/** A shape of the models of aws-sdk v2, as its own library reads them. */
export interface Shape {
  readonly type: string;
  /** On the wire. */
  readonly name: string;
  readonly members: Readonly<Record<string, Shape>>;
  readonly member: Shape;
  readonly key: Shape;
  readonly value: Shape;
  readonly flattened?: boolean;
  readonly required?: readonly string[];
  readonly resultWrapper?: string;
  readonly payload?: string;
  readonly isStreaming?: boolean;
  /** "body", unless it travels elsewhere. */
  readonly location: string;
}

export interface V2Client {
  readonly api: {
    readonly protocol: string;
    readonly operations: Readonly<Record<string, { readonly input: Shape; readonly output: Shape }>>;
  };
  makeRequest(
    operation: string,
    input: object,
    done?: (this: { httpResponse: { body: Buffer | string } }, error: Error | null, data: unknown) => void,
  ): { eachPage(page: (error: Error | null, data: unknown) => boolean): void };
}

/** Of the service that a signature calls so. */
export function v2Client(signingName: string, config: object): V2Client {
  const file = signingName === "monitoring" ? "cloudwatch" : signingName;
  const Client = require(`aws-sdk/clients/${file}`);
  return new Client({ ...config, maxRetries: 0, s3ForcePathStyle: true });
}

export const modelOf = ({ api }: V2Client, operation: string) => api.operations[lowerCamel(operation)];

/** What the client makes of the answer, and the answer itself. @throws what the client makes of a refusal */
export const sendByV2 = (client: V2Client, operation: string, input: object) =>
  new Promise<{ data: unknown; body: string }>((resolve, reject) => {
    client.makeRequest(lowerCamel(operation), input, function (error, data) {
      if (error) reject(error);
      else resolve({ data, body: this.httpResponse.body.toString() });
    });
  });

/** Every page, as the client asks for it by its own paginator. */
export const pagesByV2 = (client: V2Client, operation: string, input: object) =>
  new Promise<unknown[]>((resolve, reject) => {
    const pages: unknown[] = [];
    client.makeRequest(lowerCamel(operation), input).eachPage((error, data) => {
      if (error) reject(error);
      else if (data === null) resolve(pages);
      else pages.push(data);
      return true;
    });
  });

const lowerCamel = (operation: string): string => operation.charAt(0).toLowerCase() + operation.slice(1);

/** Everything in which an answer departs from the model; empty when it fits. */
export async function departures(protocol: string, output: Shape, body: string): Promise<string[]> {
  if (output.payload && output.members[output.payload]?.isStreaming) return [];
  if (body === "") return [];
  if (protocol === "json" || protocol === "rest-json") return ofJson(output, JSON.parse(body), "");
  const tree = Object.values((await xmlTree(body)) as object)[0] as Tree;
  // An operation that answers nothing has no element for its result; beside one stands the request's id.
  if (protocol === "query" && !output.resultWrapper) return [];
  const wrapped = output.resultWrapper ? (first(tree[output.resultWrapper]) as Tree | undefined) : tree;
  const shape = (output.payload && output.members[output.payload]) || output;
  return ofXml(shape, wrapped ?? {}, "");
}

function ofJson(shape: Shape, value: unknown, path: string): string[] {
  switch (shape.type) {
    case "structure":
      return isObject(value)
        ? Object.entries(value).flatMap(([name, member]) => {
            const known =
              Object.values(shape.members).find((one) => one.name === name) ?? shape.members[name];
            return known ? ofJson(known, member, `${path}.${name}`) : [`${path}.${name} is not in the model`];
          })
        : [`${path} is no structure`];
    case "list":
      return Array.isArray(value)
        ? value.flatMap((item) => ofJson(shape.member, item, `${path}[]`))
        : [`${path} is no list`];
    case "map":
      return isObject(value)
        ? Object.values(value).flatMap((item) => ofJson(shape.value, item, `${path}{}`))
        : [`${path} is no map`];
    case "boolean":
    case "string":
      return typeof value === shape.type ? [] : [`${path} is no ${shape.type}`];
    case "timestamp":
      return typeof value === "number" ? [] : [`${path} is not in seconds`];
    default:
      return typeof value === (shape.type === "blob" ? "string" : "number")
        ? []
        : [`${path} is no ${shape.type}`];
  }
}

type Tree = { readonly [name: string]: readonly (Tree | string)[] };

const ATTRIBUTES = "$";

function ofXml(shape: Shape, node: Tree | string, path: string): string[] {
  if (typeof node === "string" && !["structure", "list", "map"].includes(shape.type))
    return ofText(shape, node, path);
  const children = Object.entries(typeof node === "string" ? {} : node).filter(
    ([name]) => name !== ATTRIBUTES,
  );
  if (typeof node === "string" && node.trim() !== "") return [`${path} is text, and no ${shape.type}`];
  switch (shape.type) {
    case "structure":
      return children.flatMap(([name, nodes]) => {
        const known = Object.values(shape.members).find(
          (one) => one.name === name && one.location === "body",
        );
        if (!known) return [`${path}.${name} is not in the model`];
        if (known.type === "list" && known.flattened)
          return nodes.flatMap((item) => ofXml(known.member, item, `${path}.${name}`));
        return nodes.length === 1
          ? ofXml(known, nodes[0] ?? "", `${path}.${name}`)
          : [`${path}.${name} is there ${nodes.length} times`];
      });
    case "list":
      return children.flatMap(([name, nodes]) =>
        name === (shape.member.name || "member")
          ? nodes.flatMap((item) => ofXml(shape.member, item, `${path}[]`))
          : [`${path} holds ${name} and not ${shape.member.name || "member"}`],
      );
    case "map":
      return children.flatMap(([name, nodes]) =>
        name === "entry"
          ? nodes.flatMap((entry) => ofEntry(shape, entry, `${path}{}`))
          : [`${path} holds ${name} and no entry`],
      );
    default:
      return [`${path} is a structure, and no ${shape.type}`];
  }
}

function ofEntry(shape: Shape, entry: Tree | string, path: string): string[] {
  if (typeof entry === "string") return [`${path} is text`];
  const [key, value] = [shape.key.name || "key", shape.value.name || "value"];
  const strays = Object.keys(entry).filter((name) => name !== key && name !== value);
  const found = first(entry[value]);
  return [
    ...strays.map((name) => `${path}.${name} is not in the model`),
    ...(found === undefined ? [`${path} has no value`] : ofXml(shape.value, found, path)),
  ];
}

function ofText(shape: Shape, text: string, path: string): string[] {
  const fits: Readonly<Record<string, () => boolean>> = {
    boolean: () => text === "true" || text === "false",
    integer: () => /^-?\d+$/.test(text),
    long: () => /^-?\d+$/.test(text),
    double: () => Number.isFinite(Number(text)),
    float: () => Number.isFinite(Number(text)),
    timestamp: () => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text),
  };
  return fits[shape.type]?.() === false ? [`${path} is no ${shape.type}: ${text}`] : [];
}

const first = (nodes: readonly (Tree | string)[] | undefined): Tree | string | undefined => nodes?.[0];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const xmlTree = (text: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    parseString(text, { explicitArray: true }, (error, tree) => (error ? reject(error) : resolve(tree)));
  });
