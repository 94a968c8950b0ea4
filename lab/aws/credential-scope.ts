/** Whom a request is meant for, as its SigV4 signature says: AWS tells regions and services apart by it, and so do we. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

export type ScopeReading =
  | { readonly is: "read"; readonly scope: CredentialScope }
  | { readonly is: "missing" }
  | { readonly is: "malformed"; readonly because: string };

const algorithm = "AWS4-HMAC-SHA256";

/**
 * Reads the scope of an Authorization header: `AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request,
 * SignedHeaders=…, Signature=…`. The signature itself is not checked: a lab's credentials are made up, and what it guards
 * is worth nothing.
 */
export function readCredentialScope(authorization: string | undefined): ScopeReading {
  if (authorization === undefined || authorization.trim() === "") return { is: "missing" };
  const [scheme, ...rest] = authorization.trim().split(/\s+/);
  if (scheme !== algorithm)
    return { is: "malformed", because: `the authorization scheme must be ${algorithm}, got "${scheme}"` };

  const fields = new Map(
    rest
      .join("")
      .split(",")
      .map((field): [string, string] => {
        const equals = field.indexOf("=");
        return [field.slice(0, Math.max(equals, 0)), field.slice(equals + 1)];
      }),
  );
  for (const name of ["Credential", "SignedHeaders", "Signature"])
    if (!fields.get(name))
      return { is: "malformed", because: `Authorization header requires '${name}' parameter` };

  const [accessKeyId, date, region, service, terminator, ...more] = (fields.get("Credential") ?? "").split(
    "/",
  );
  const whole =
    accessKeyId && date && region && service && terminator === "aws4_request" && more.length === 0;
  if (!whole)
    return { is: "malformed", because: "Credential must be KEY/YYYYMMDD/REGION/SERVICE/aws4_request" };
  return { is: "read", scope: { accessKeyId, region, service } };
}
