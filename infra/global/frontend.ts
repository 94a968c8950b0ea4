import * as aws from "@pulumi/aws";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  interpolate,
  type Output,
} from "@pulumi/pulumi";
import type { CellContext } from "../cell/context.ts";
import { logPrefixes } from "../cell/storage/log-prefixes.ts";
import { FrontFirewall } from "./front-firewall.ts";
import { frontHosts } from "./hosts.ts";
import { FAILS_OVER_ON, originsOf } from "./origins.ts";
import { securityHeaders } from "./security-headers.ts";

export interface FrontendArgs {
  readonly context: CellContext;
  readonly front: aws.Provider;
  /** Of the certificate in us-east-1. */
  readonly certificateArn: Input<string>;
  /** Of the key in us-east-1. */
  readonly keyArn: Input<string>;
  readonly logsBucket: Input<string>;
  /** Host of the pages where people sign in. */
  readonly signInHost: string;
}

/** AWS's managed cache policy "CachingOptimized", which has this id in every account. */
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

/**
 * The portal: files that both cells' buckets hold, served from either. When one region fails, CloudFront asks the
 * other's bucket for the same file, request by request, and nobody has to switch anything.
 */
export class Frontend extends ComponentResource {
  readonly dnsName: Output<string>;
  readonly hostedZoneId: Output<string>;
  readonly distributionArn: Output<string>;

  constructor(name: string, args: FrontendArgs, opts?: ComponentResourceOptions) {
    super("castle:global:Frontend", name, {}, opts);
    const { context, front, certificateArn, keyArn, signInHost } = args;
    const { settings, names } = context;
    const here = { parent: this, provider: front };
    const origins = originsOf(context);
    const [first] = origins;
    if (!first) throw new Error(`${settings.stack} has no bucket to serve the portal from`);
    const target = origins.length > 1 ? "either" : first.id;

    const firewall = new FrontFirewall(name, { context, front, keyArn }, { parent: this });
    const access = new aws.cloudfront.OriginAccessControl(
      `${name}-access`,
      {
        name: `${names.prefix}-frontend`,
        originAccessControlOriginType: "s3",
        signingBehavior: "always",
        signingProtocol: "sigv4",
      },
      here,
    );
    const headers = new aws.cloudfront.ResponseHeadersPolicy(
      `${name}-headers`,
      { name: `${names.prefix}-frontend`, ...securityHeaders(settings.domain, signInHost) },
      here,
    );
    const distribution = new aws.cloudfront.Distribution(
      `${name}-distribution`,
      {
        enabled: true,
        comment: `${names.prefix}: the portal`,
        aliases: [...frontHosts(settings.domain)],
        defaultRootObject: "index.html",
        httpVersion: "http2and3",
        priceClass: "PriceClass_100",
        webAclId: firewall.webAclArn,
        origins: origins.map(({ id, domainName }) => ({
          originId: id,
          domainName,
          originAccessControlId: access.id,
          // Twice three seconds, instead of thrice ten, before the other bucket is asked.
          connectionAttempts: 2,
          connectionTimeout: 3,
        })),
        originGroups:
          origins.length > 1
            ? [
                {
                  originId: target,
                  failoverCriteria: { statusCodes: FAILS_OVER_ON },
                  members: origins.map(({ id }) => ({ originId: id })),
                },
              ]
            : [],
        defaultCacheBehavior: {
          targetOriginId: target,
          viewerProtocolPolicy: "redirect-to-https",
          // CloudFront fails over for these methods alone.
          allowedMethods: ["GET", "HEAD", "OPTIONS"],
          cachedMethods: ["GET", "HEAD"],
          compress: true,
          cachePolicyId: CACHING_OPTIMIZED,
          responseHeadersPolicyId: headers.id,
        },
        // Without the right to list a bucket, a page that does not exist is a 403: the portal finds its own way from there.
        customErrorResponses: [403, 404].map((errorCode) => ({
          errorCode,
          responseCode: 200,
          responsePagePath: "/index.html",
          errorCachingMinTtl: 10,
        })),
        viewerCertificate: {
          acmCertificateArn: certificateArn,
          sslSupportMethod: "sni-only",
          minimumProtocolVersion: "TLSv1.2_2021",
        },
        restrictions: { geoRestriction: { restrictionType: "none" } },
      },
      { ...here, protect: settings.profile.protectData },
    );
    this.#keepAccessLogs(name, args, distribution.arn);

    this.dnsName = distribution.domainName;
    this.hostedZoneId = distribution.hostedZoneId;
    this.distributionArn = distribution.arn;
    this.registerOutputs({ dnsName: this.dnsName, distributionArn: this.distributionArn });
  }

  /** The older way of logging needs a bucket with access lists, which no bucket of ours has. */
  #keepAccessLogs(
    name: string,
    { context, front, logsBucket }: FrontendArgs,
    distributionArn: Output<string>,
  ): void {
    const here = { parent: this, provider: front };
    const source = new aws.cloudwatch.LogDeliverySource(
      `${name}-access-log-source`,
      { name: `${context.names.prefix}-frontend`, logType: "ACCESS_LOGS", resourceArn: distributionArn },
      here,
    );
    const destination = new aws.cloudwatch.LogDeliveryDestination(
      `${name}-access-log-destination`,
      {
        name: `${context.names.prefix}-frontend`,
        outputFormat: "json",
        deliveryDestinationConfiguration: {
          destinationResourceArn: interpolate`arn:aws:s3:::${logsBucket}/${logPrefixes.frontend}`,
        },
      },
      here,
    );
    new aws.cloudwatch.LogDelivery(
      `${name}-access-log`,
      { deliverySourceName: source.name, deliveryDestinationArn: destination.arn },
      here,
    );
  }
}
