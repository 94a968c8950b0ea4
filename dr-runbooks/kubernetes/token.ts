import type { EKSClient } from "@aws-sdk/client-eks";

/** As long as the AWS CLI lets its own hold: the URL in a token, not the token, which EKS takes for 14 minutes. Seconds. */
const EXPIRES_S = 60;

/**
 * A bearer token for a cluster's API: a GetCallerIdentity request to the region's STS, signed for this cluster and sent
 * by whoever is given it, which tells them who signed. Nothing is called to make one, and no other region is needed.
 * Source: kubernetes-sigs/aws-iam-authenticator, "API Authorization from Outside a Cluster".
 * @param eks whose credentials sign
 */
export async function clusterToken(eks: EKSClient, region: string, cluster: string): Promise<string> {
  const { SignatureV4 } = await import("@smithy/signature-v4");
  const { credentials, sha256 } = eks.config;
  const signer = new SignatureV4({ credentials, sha256, region, service: "sts" });
  const hostname = `sts.${region}.amazonaws.com`;
  const { query = {} } = await signer.presign(
    {
      ...{ method: "GET", protocol: "https:", hostname, path: "/" },
      query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
      // Signed along, so that no other cluster can use it.
      headers: { host: hostname, "x-k8s-aws-id": cluster },
    },
    { expiresIn: EXPIRES_S },
  );
  const url = new URL(`https://${hostname}/`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  return `k8s-aws-v1.${Buffer.from(url.href).toString("base64url")}`;
}
