import { readFileSync } from "node:fs";
import { policyDocument, type Statement } from "../../policy-document.ts";

const PAGE = new URL("../../../docs/runbooks/iam-policy.json", import.meta.url);
const PLACEHOLDER = /\$\{([^}]*)\}/g;

/** What IAM takes of a managed policy; white space is not counted, and a document has none. Source: IAM quotas. */
export const LARGEST = 6_144;

/** What the runbooks need of IAM, made from their own steps, with placeholders for what differs between platforms. */
export const runbooksStatements = (): readonly Statement[] =>
  JSON.parse(readFileSync(PAGE, "utf8")).Statement;

/** Names of the placeholders in it. Pure. */
export const placeholdersIn = (part: unknown): ReadonlySet<string> =>
  new Set([...JSON.stringify(part).matchAll(PLACEHOLDER)].map(([, name = ""]) => name));

/**
 * The statement with a value for each placeholder. Pure. IAM has variables in the same notation: one that is left would
 * not be refused, and would fit nothing.
 * @throws Error that names a placeholder without a value, or with an empty one
 */
export function filled(statement: Statement, values: Readonly<Record<string, string>>): Statement {
  const text = JSON.stringify(statement).replace(PLACEHOLDER, (_, name: string) => {
    const value = values[name];
    if (value === undefined || value === "")
      throw new Error(
        `docs/runbooks/iam-policy.json, ${statement.Sid}: nothing is known to fill \${${name}} with; known: ${Object.keys(values).join(", ")}. Add it in infra/global/operators/operator-policy.ts`,
      );
    return value;
  });
  return JSON.parse(text);
}

/**
 * As few documents as there must be, statements in their order. Pure.
 * @throws Error when one statement alone is more than IAM takes
 */
export function packed(statements: readonly Statement[], largest = LARGEST): string[] {
  const documents: Statement[][] = [];
  for (const statement of statements) {
    const last = documents.at(-1);
    if (last && policyDocument([...last, statement]).length <= largest) last.push(statement);
    else documents.push([statement]);
  }
  return documents.map((each) => {
    const document = policyDocument(each);
    if (document.length > largest)
      throw new Error(
        `the operators' statement ${each[0]?.Sid} alone has ${document.length} characters, and IAM takes ${largest} of a managed policy: split it`,
      );
    return document;
  });
}
