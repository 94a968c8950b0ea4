import {
  type CertificateDetail,
  type CertificateSummary,
  DescribeCertificate$,
  type DescribeCertificateRequest,
  InternalServerException$,
  InvalidArnException$,
  ListCertificates$,
  type ListCertificatesRequest,
  ResourceNotFoundException$,
  ThrottlingException$,
  ValidationException$,
} from "@aws-sdk/client-acm";
import { regionNames } from "@castle/regions/catalogue.ts";
import { modelledFault } from "../fault.ts";
import { pageOf } from "../paginate.ts";
import { type AwsService, type Call, operation, type ServiceParts } from "../service.ts";
import { jsonProtocol } from "../wire/json.ts";
import type { Certificate } from "./certificates.ts";

/** ACM, over the certificates that the lab's regions are said to have: its own edge ends no TLS. */
export function acm({ certificates, identifiers }: ServiceParts): AwsService {
  const heldIn = (region: string): readonly Certificate[] =>
    certificates.all.filter((certificate) => certificate.region === region);
  const usedBy = ({ region }: Certificate): string[] =>
    regionNames.filter((name) => name === region).map((name) => identifiers.cell(name).endpointId);

  async function list(input: ListCertificatesRequest, { region }: Call) {
    if (input.SortBy !== undefined || input.SortOrder !== undefined)
      throw modelledFault(
        ValidationException$,
        "SortBy, SortOrder: the lab lists certificates by their ARNs",
      );
    const wanted = heldIn(region)
      .filter(
        (certificate) =>
          input.CertificateStatuses?.some((status) => status === statusOf(certificate)) ?? true,
      )
      .filter(() => input.Includes?.keyTypes?.includes(keyAlgorithm) ?? true);
    const page = pageOf(wanted, ({ arn }) => arn, { MaxRecords: input.MaxItems, Marker: input.NextToken });
    if (page === null)
      throw modelledFault(ValidationException$, "The NextToken is not one that a page ended with.");
    return {
      CertificateSummaryList: page.items.map((held) => summary(held)),
      ...(page.Marker !== undefined && { NextToken: page.Marker }),
    };
  }

  async function describe({ CertificateArn = "" }: DescribeCertificateRequest, { region }: Call) {
    if (!/^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/.test(CertificateArn))
      throw modelledFault(InvalidArnException$, `Invalid ARN: ${CertificateArn}`);
    const held = heldIn(region).find(({ arn }) => arn === CertificateArn);
    if (!held)
      throw modelledFault(
        ResourceNotFoundException$,
        `Could not find certificate ${CertificateArn} in account ${identifiers.account}.`,
      );
    return { Certificate: detail(held, usedBy(held)) };
  }

  return {
    signingName: "acm",
    regions: regionNames,
    protocol: jsonProtocol({ version: "1.1", serviceTarget: "CertificateManager" }),
    failures: {
      throttled: () => modelledFault(ThrottlingException$, "Rate exceeded"),
      internal: () => modelledFault(InternalServerException$, "The service failed; try again."),
    },
    operations: [
      operation<ListCertificatesRequest>(ListCertificates$, list, { MaxItems: { min: 1, max: 1_000 } }),
      operation<DescribeCertificateRequest>(DescribeCertificate$, describe),
    ],
  };
}

/** Of the kind that ACM issues unless asked for another, and the only kind that it lists unless asked for more. */
const keyAlgorithm = "RSA_2048";

const statusOf = ({ notAfter }: Certificate): "ISSUED" | "EXPIRED" =>
  notAfter.getTime() > Date.now() ? "ISSUED" : "EXPIRED";

const told = (certificate: Certificate) =>
  ({
    CertificateArn: certificate.arn,
    DomainName: certificate.domain,
    Status: statusOf(certificate),
    Type: "AMAZON_ISSUED",
    CreatedAt: certificate.issuedAt,
    IssuedAt: certificate.issuedAt,
    NotBefore: certificate.issuedAt,
    NotAfter: certificate.notAfter,
    RenewalEligibility: "ELIGIBLE",
  }) as const;

const summary = (certificate: Certificate): CertificateSummary => ({
  ...told(certificate),
  SubjectAlternativeNameSummaries: [certificate.domain],
  HasAdditionalSubjectAlternativeNames: false,
  KeyAlgorithm: keyAlgorithm,
  InUse: true,
});

const detail = (certificate: Certificate, usedBy: readonly string[]): CertificateDetail => ({
  ...told(certificate),
  SubjectAlternativeNames: [certificate.domain],
  Subject: `CN=${certificate.domain}`,
  Issuer: "Amazon",
  KeyAlgorithm: keyAlgorithm,
  SignatureAlgorithm: "SHA256WITHRSA",
  InUseBy: [...usedBy],
});
