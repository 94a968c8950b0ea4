import { createHash } from "node:crypto";

/** A certificate that a region's load balancer presents. */
export interface Certificate {
  readonly arn: string;
  readonly region: string;
  readonly domain: string;
  readonly issuedAt: Date;
  readonly notAfter: Date;
}

/** As documented: ACM's own certificates are good for 13 months, 395 days, and renewed 60 days before. */
const GOOD_FOR_DAYS = 395;
const DAY_MS = 86_400_000;

/** The certificates of each region, and the switch for their ends. ACM keeps them by region: a cell can use none of the other's. */
export class Certificates {
  readonly #held = new Map<string, Certificate>();
  readonly #account: string;

  constructor(account: string) {
    this.#account = account;
  }

  get all(): readonly Certificate[] {
    return [...this.#held.values()];
  }

  /** The region has one for the domain, in place of the one before. @param notAfter 395 days from now when left out */
  issue(domain: string, region: string, notAfter?: Date): Certificate {
    const issuedAt = new Date();
    const certificate: Certificate = {
      ...{ domain, region, issuedAt, arn: this.#arn(domain, region) },
      notAfter: notAfter ?? new Date(issuedAt.getTime() + GOOD_FOR_DAYS * DAY_MS),
    };
    this.#held.set(certificate.arn, certificate);
    return certificate;
  }

  /** The region has none for the domain any more. */
  remove(domain: string, region: string): void {
    this.#held.delete(this.#arn(domain, region));
  }

  /** The same for the same certificate in every lab. */
  #arn(domain: string, region: string): string {
    const hex = createHash("sha256").update(`${region} ${domain}`).digest("hex");
    const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)];
    return `arn:aws:acm:${region}:${this.#account}:certificate/${id.join("-")}`;
  }
}
