import { cellRegions } from "@castle/regions/catalogue.ts";
import { seconds } from "@castle/regions/duration.ts";
import type { CellRegion } from "../../target.ts";
import { type Check, judged, notConfigured, type Verdict } from "../check.ts";
import type { Look } from "../look.ts";
import type { CellCertificates } from "../probe-certificates.ts";

const DAY_MS = 86_400_000;
/** ACM renews 60 days before the end: one that is this near has not been renewed, and nobody did anything about it. */
const MEND_WITHIN_DAYS = 7;
const RENEW_WITHIN_DAYS = 30;

export interface CertificatesFound {
  /** The names that each region must have a certificate for. */
  readonly domains: readonly string[];
  readonly cells: ReadonlyMap<CellRegion, CellCertificates>;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export const certificates: Check = {
  name: "certificates",
  why: "Traders and services refuse a cell whose certificate has ended or is missing, however healthy it is.",
  mend: "Request the certificate in the region that lacks it, or renew it (aws acm renew-certificate; rotate the server's own), and see why it was not renewed by itself.",
  severity: "blocks",
  deadline: seconds(20),
  look: (world) => looked(world, judgeCertificates),
};

export const certificateRenewal: Check = {
  name: "certificate-renewal",
  why: "A certificate this near to its end should have been renewed by itself, and will end a cell unless somebody mends that.",
  mend: "See the renewal status with aws acm describe-certificate; a DNS record for its validation that was removed is the usual cause.",
  severity: "warns",
  deadline: seconds(20),
  look: (world) => looked(world, judgeRenewal),
};

async function looked(world: Look, judge: (found: CertificatesFound) => Verdict): Promise<Verdict> {
  const domains = world.target.readiness?.certificates ?? [];
  if (domains.length === 0) return notConfigured("certificates");
  const cells = await Promise.all(
    cellRegions.map(async (region) => [region, await world.certificates(region)] as const),
  );
  return judge({ domains, cells: new Map(cells), at: world.at });
}

/** Each name in both regions, and nothing that ends within a week. Pure. */
export function judgeCertificates(found: CertificatesFound): Verdict {
  const ends = endsOf(found);
  const missing = [...found.cells].flatMap(([region, cell]) =>
    found.domains
      .filter((domain) => !cell.issued.some((issued) => issued.domains.includes(domain)))
      .map((domain) => `${region} has no certificate for ${domain}`),
  );
  const ending = ends.filter(({ days }) => days < MEND_WITHIN_DAYS).map(tellEnd);
  const first = Math.min(...ends.map(({ days }) => days));
  return judged([...missing, ...ending], {
    found: `${ends.length} certificates of both cells, the first ends in ${Math.floor(first)} days`,
    wanted: `a certificate for each of ${found.domains.length} names in both regions, none with less than ${MEND_WITHIN_DAYS} days left`,
    ...(ends.length > 0 ? { figures: { castle_certificate_seconds: (first * DAY_MS) / 1_000 } } : {}),
  });
}

/** Of those that will do for now, none that ends within a month. Pure. */
export function judgeRenewal(found: CertificatesFound): Verdict {
  const against = endsOf(found)
    .filter(({ days }) => days >= MEND_WITHIN_DAYS && days < RENEW_WITHIN_DAYS)
    .map(tellEnd);
  return judged(against, {
    found: `none ends within ${RENEW_WITHIN_DAYS} days`,
    wanted: `at least ${RENEW_WITHIN_DAYS} days left of each certificate`,
  });
}

interface End {
  readonly of: string;
  readonly days: number;
}

/** Of several certificates for one name in a region the last to end counts: the others are on their way out. */
function endsOf({ domains, cells, at }: CertificatesFound): End[] {
  const days = (end: number): number => (end - at) / DAY_MS;
  return [...cells].flatMap(([region, { issued, servers }]) => [
    ...domains.flatMap((domain) => {
      const ends = issued
        .filter((certificate) => certificate.domains.includes(domain))
        .flatMap(({ notAfter }) => notAfter ?? []);
      return ends.length === 0 ? [] : [{ of: `${domain} in ${region}`, days: days(Math.max(...ends)) }];
    }),
    ...[...servers].map(([name, end]) => ({ of: `the ${name} in ${region}`, days: days(end) })),
  ]);
}

const tellEnd = ({ of, days }: End): string =>
  days < 0
    ? `the certificate of ${of} has ended`
    : `the certificate of ${of} ends in ${days.toFixed(1)} days`;
