import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import type { CellContext } from "../cell/context.ts";
import { WAF_LOGS } from "./front-ground.ts";

export interface FrontFirewallArgs {
  readonly context: CellContext;
  readonly front: aws.Provider;
  readonly keyArn: Input<string>;
}

/** AWS's own rules, kept up to date by AWS, in the order in which they are tried. */
export const managedRules = [
  "AWSManagedRulesAmazonIpReputationList",
  "AWSManagedRulesKnownBadInputsRuleSet",
  "AWSManagedRulesCommonRuleSet",
] as const;

/** Requests of one address in five minutes; a page of the portal is some tens. */
export const REQUESTS_PER_ADDRESS = 2_000;

/** Stands before CloudFront. The API has its own in each cell, at the load balancer. */
export class FrontFirewall extends ComponentResource {
  readonly webAclArn: Output<string>;

  constructor(name: string, { context, front, keyArn }: FrontFirewallArgs, opts?: ComponentResourceOptions) {
    super("castle:global:FrontFirewall", name, {}, opts);
    const { settings, names } = context;
    const here = { parent: this, provider: front };

    const acl = new aws.wafv2.WebAcl(
      `${name}-firewall`,
      {
        scope: "CLOUDFRONT",
        defaultAction: { allow: {} },
        rules: [
          {
            name: "one-address-at-a-time",
            priority: 0,
            action: { block: {} },
            statement: { rateBasedStatement: { aggregateKeyType: "IP", limit: REQUESTS_PER_ADDRESS } },
            visibilityConfig: visible("one-address-at-a-time"),
          },
          ...managedRules.map((rule, index) => ({
            name: rule,
            priority: index + 1,
            overrideAction: { none: {} },
            statement: { managedRuleGroupStatement: { vendorName: "AWS", name: rule } },
            visibilityConfig: visible(rule),
          })),
        ],
        visibilityConfig: visible(`${names.prefix}-front`),
      },
      here,
    );
    const log = new aws.cloudwatch.LogGroup(
      `${name}-firewall-log`,
      {
        name: `${WAF_LOGS}${names.prefix}-front`,
        kmsKeyId: keyArn,
        retentionInDays: settings.profile.keep.logDays,
      },
      here,
    );
    new aws.wafv2.WebAclLoggingConfiguration(
      `${name}-firewall-logging`,
      {
        resourceArn: acl.arn,
        logDestinationConfigs: [log.arn],
        // Whoever reads the log is not to find a session in it.
        redactedFields: [{ singleHeader: { name: "authorization" } }, { singleHeader: { name: "cookie" } }],
      },
      here,
    );

    this.webAclArn = acl.arn;
    this.registerOutputs({ webAclArn: this.webAclArn });
  }
}

const visible = (metricName: string) => ({
  cloudwatchMetricsEnabled: true,
  sampledRequestsEnabled: true,
  metricName,
});
