import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { edgeHosts, hostsOf } from "../../global/hosts.ts";
import type { CellContext } from "../context.ts";

export interface CellCertificateArgs {
  readonly context: CellContext;
}

/**
 * The certificate of the cell's load balancer, asked of ACM in the cell's own region.
 *
 * It needs no zone: ACM asks an account for one and the same record for a name, in whatever region. The home cell's stack
 * writes them with its zone (global/dns/certificate.ts), and they validate this certificate too, at first and at every
 * renewal. In a stack without a global tier they are told as an output and written by hand, and the deployment waits.
 */
export class CellCertificate extends ComponentResource {
  /** Known once ACM has issued it. */
  readonly arn: Output<string>;
  readonly domains: readonly string[];

  constructor(name: string, { context }: CellCertificateArgs, opts?: ComponentResourceOptions) {
    super("castle:cell:CellCertificate", name, {}, opts);
    const own = { parent: this };
    const { domain } = context.settings;
    this.domains = edgeHosts(domain);
    const domainName = hostsOf(domain).api;
    const certificate = new aws.acm.Certificate(
      `${name}-certificate`,
      {
        domainName,
        subjectAlternativeNames: this.domains.filter((name) => name !== domainName),
        validationMethod: "DNS",
        keyAlgorithm: "EC_prime256v1",
      },
      own,
    );
    const issued = new aws.acm.CertificateValidation(
      `${name}-certificate`,
      { certificateArn: certificate.arn },
      own,
    );
    this.arn = issued.certificateArn;
    this.registerOutputs({ arn: this.arn, validation: certificate.domainValidationOptions });
  }
}
