/**
 * What EKS takes for a token: `k8s-aws-v1.` and, in base64 for URLs, a GetCallerIdentity request to the region's STS,
 * signed beforehand for the cluster. EKS sends it and learns who signed. Nothing of a lab's is worth guarding, so the
 * signature is not checked here; its form, region, age and the headers it covers are.
 * Source: kubernetes-sigs/aws-iam-authenticator, "API Authorization from Outside a Cluster".
 */
const PREFIX = "k8s-aws-v1.";
const LONGEST_S = 900;

/** @returns why the token opens nothing; null when it is well. @param now milliseconds since 1970 */
export function whatIsWrong(authorization: string | undefined, region: string, now: number): string | null {
  const token = /^Bearer (.+)$/.exec(authorization ?? "")?.[1];
  if (token === undefined) return "there is no bearer token";
  if (!token.startsWith(PREFIX)) return `the token does not begin with ${PREFIX}`;
  const text = Buffer.from(token.slice(PREFIX.length), "base64url").toString("utf8");
  if (!URL.canParse(text)) return "the token holds no URL";
  const url = new URL(text);
  if (url.protocol !== "https:" || url.host !== `sts.${region}.amazonaws.com` || url.pathname !== "/")
    return `the token's URL leads to ${url.origin}${url.pathname}, not to the STS of ${region}`;
  const asked = url.searchParams;
  if (asked.get("Action") !== "GetCallerIdentity")
    return "the token asks for something else than who signed it";
  return whatIsWrongWithSignature(asked, region, now);
}

function whatIsWrongWithSignature(asked: URLSearchParams, region: string, now: number): string | null {
  if (
    asked.get("X-Amz-Algorithm") !== "AWS4-HMAC-SHA256" ||
    !/^[0-9a-f]{64}$/.test(asked.get("X-Amz-Signature") ?? "")
  )
    return "the token's URL is not signed";
  const [, day, where, service, end] = (asked.get("X-Amz-Credential") ?? "").split("/");
  if (!day || where !== region || service !== "sts" || end !== "aws4_request")
    return `the token is signed for ${service} in ${where}, not for sts in ${region}`;
  const covered = (asked.get("X-Amz-SignedHeaders") ?? "").split(";");
  if (!covered.includes("host") || !covered.includes("x-k8s-aws-id"))
    return "the token's signature does not cover x-k8s-aws-id, the cluster that it is for";
  const expires = Number(asked.get("X-Amz-Expires"));
  if (!(expires >= 0 && expires <= LONGEST_S)) return `the token's URL is to hold for ${expires} s`;
  const age = (now - signedAt(asked.get("X-Amz-Date") ?? "")) / 1_000;
  return Math.abs(age) <= LONGEST_S ? null : `the token was signed ${Math.round(age)} s ago`;
}

/** `20261127T111500Z`. Milliseconds since 1970; NaN when it is no such instant. */
const signedAt = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
