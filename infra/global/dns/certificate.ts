import * as aws from "@pulumi/aws";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  type Output,
  output,
} from "@pulumi/pulumi";
import type { CellContext } from "../../cell/context.ts";
import { edgeHosts, frontHosts } from "../hosts.ts";

export interface PlatformCertificateArgs {
  readonly context: CellContext;
  readonly front: aws.Provider;
  readonly zoneId: Input<string>;
}

/**
 * The certificate that CloudFront presents, in us-east-1 where CloudFront looks for it; and the proof, in DNS, that the
 * platform's names are ours.
 *
 * ACM asks an account for one and the same record for a name, in whatever region and however often. Since this
 * certificate is for all the names, its records validate those of both cells' load balancers as well, now and at every
 * renewal: the peer cell's stack needs no right to change DNS.
 */
export class PlatformCertificate extends ComponentResource {
  /** Known once ACM has issued it. */
  readonly certificateArn: Output<string>;

  constructor(
    name: string,
    { context, front, zoneId }: PlatformCertificateArgs,
    opts?: ComponentResourceOptions,
  ) {
    super("castle:global:PlatformCertificate", name, {}, opts);
    const { domain, profile } = context.settings;
    const here = { parent: this, provider: front };
    const hosts = [...frontHosts(domain), ...edgeHosts(domain)];

    const certificate = new aws.acm.Certificate(
      `${name}-certificate`,
      {
        domainName: domain,
        subjectAlternativeNames: hosts.filter((host) => host !== domain),
        validationMethod: "DNS",
        keyAlgorithm: "EC_prime256v1",
      },
      { ...here, protect: profile.protectData },
    );
    const records = hosts.map((host) => {
      const proof = output(certificate.domainValidationOptions).apply((options) => proofOf(host, options));
      return new aws.route53.Record(
        `${name}-proof-${host}`,
        {
          zoneId,
          name: proof.resourceRecordName,
          type: "CNAME",
          ttl: 300,
          records: [proof.resourceRecordValue],
        },
        here,
      );
    });
    const issued = new aws.acm.CertificateValidation(
      `${name}-issued`,
      { certificateArn: certificate.arn, validationRecordFqdns: records.map(({ fqdn }) => fqdn) },
      here,
    );

    this.certificateArn = issued.certificateArn;
    this.registerOutputs({ certificateArn: this.certificateArn });
  }
}

/** The record that ACM asks for a name. @throws Error when it asks for none. */
function proofOf<Proof extends { readonly domainName: string }>(
  host: string,
  options: readonly Proof[],
): Proof {
  const found = options.find(({ domainName }) => domainName === host);
  if (!found) throw new Error(`ACM asks for no validation record for ${host}, which the certificate names`);
  return found;
}
