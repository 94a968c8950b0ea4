import type { ACMClient } from "@aws-sdk/client-acm";
import { sdk } from "./sdk.ts";

export interface IssuedCertificate {
  /** Every name that it is for; ACM lists up to a hundred of them. */
  readonly domains: readonly string[];
  /** Milliseconds since 1970; null when ACM does not tell. */
  readonly notAfter: number | null;
}

/** The region's certificates that are issued and in force. Of keys of all kinds: unless asked, ACM tells of RSA alone. */
export async function issuedCertificates(client: ACMClient): Promise<readonly IssuedCertificate[]> {
  const certificates: IssuedCertificate[] = [];
  const pages = sdk.acm.paginateListCertificates(
    { client },
    { CertificateStatuses: ["ISSUED"], Includes: { keyTypes: Object.values(sdk.acm.KeyAlgorithm) } },
  );
  for await (const { CertificateSummaryList = [] } of pages)
    for (const { DomainName, SubjectAlternativeNameSummaries = [], NotAfter } of CertificateSummaryList)
      certificates.push({
        domains: [...new Set([...(DomainName ? [DomainName] : []), ...SubjectAlternativeNameSummaries])],
        notAfter: NotAfter?.getTime() ?? null,
      });
  return certificates;
}
