import type { ACMClient } from "@aws-sdk/client-acm";
import { type IssuedCertificate, issuedCertificates } from "../aws/readiness-certificates.ts";
import type { CellRegion, CellTarget } from "../target.ts";
import { named } from "./named.ts";
import { certificateEnds } from "./probe-tls.ts";

/** What a cell presents to whoever connects to it. */
export interface CellCertificates {
  /** Those of ACM, for the load balancer. */
  readonly issued: readonly IssuedCertificate[];
  /** When each server's own ends, by its name, in milliseconds since 1970; those without TLS are left out. */
  readonly servers: ReadonlyMap<string, number>;
}

export async function cellCertificates(
  client: ACMClient,
  region: CellRegion,
  { databaseUrl, journalUrl, redisUrl }: CellTarget,
): Promise<CellCertificates> {
  const servers = { database: databaseUrl, journal: journalUrl, cache: redisUrl };
  const [issued, ...ends] = await Promise.all([
    named(`ACM in ${region}`, issuedCertificates(client)),
    ...Object.entries(servers).map(
      async ([name, url]) => [name, await named(`the ${name} in ${region}`, certificateEnds(url))] as const,
    ),
  ]);
  const presented = ends.flatMap(([name, end]) => (end === null ? [] : [[name, end] as const]));
  return { issued, servers: new Map(presented) };
}
