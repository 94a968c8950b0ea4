import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import type { CellContext } from "../context.ts";
import { certificateDomains } from "./edge-services.ts";

export interface CellCertificateArgs {
  readonly context: CellContext;
  /** The platform's zone, in the stack that has it. */
  readonly zoneId?: Input<string> | undefined;
}

/**
 * The certificate of the cell's load balancer.
 *
 * How it is validated without the zone: ACM's validation record for a name is the same in every region of an account, for
 * it is made of account and name. The home cell's stack, which has the zone, writes the records; the peer's certificate
 * is validated, and renewed every year, by the same ones. The peer's stack asks ACM in its own region and nobody else.
 * Source: ACM User Guide, "DNS validation". In a stack without the zone whose names nobody has validated before, the
 * records are told as an output and written by hand, and the deployment waits for that.
 */
export class CellCertificate extends ComponentResource {
  /** Of the certificate once it is issued. */
  readonly arn: Output<string>;
  readonly domains: readonly string[];
  readonly validation: Output<aws.types.output.acm.CertificateDomainValidationOption[]>;

  constructor(name: string, { context, zoneId }: CellCertificateArgs, opts?: ComponentResourceOptions) {
    super("castle:cell:CellCertificate", name, {}, opts);
    const [domainName, ...others] = certificateDomains(context.settings.domain);
    this.domains = [domainName, ...others];
    const own = { parent: this };
    const certificate = new aws.acm.Certificate(
      `${name}-certificate`,
      {
        domainName,
        subjectAlternativeNames: others,
        validationMethod: "DNS",
        keyAlgorithm: "EC_prime256v1",
      },
      own,
    );
    this.validation = certificate.domainValidationOptions;

    const records =
      zoneId === undefined ? [] : this.domains.map((domain) => this.#record(name, domain, zoneId));
    const issued = new aws.acm.CertificateValidation(
      `${name}-certificate`,
      { certificateArn: certificate.arn },
      { ...own, dependsOn: records },
    );
    this.arn = issued.certificateArn;
    this.registerOutputs({ arn: this.arn, validation: this.validation });
  }

  #record(name: string, domain: string, zoneId: Input<string>): aws.route53.Record {
    const option = this.validation.apply((options) => {
      const found = options.find(({ domainName }) => domainName === domain);
      if (!found) throw new Error(`ACM told no validation record for ${domain}`);
      return found;
    });
    return new aws.route53.Record(
      `${name}-validates-${domain.split(".")[0]}`,
      {
        zoneId,
        name: option.resourceRecordName,
        type: option.resourceRecordType,
        records: [option.resourceRecordValue],
        ttl: 300,
        // The record outlives a certificate that is made anew, and has the same value.
        allowOverwrite: true,
      },
      { parent: this },
    );
  }
}
