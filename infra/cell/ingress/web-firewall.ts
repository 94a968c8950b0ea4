import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import type { CellContext } from "../context.ts";
import type { KeyPart } from "../parts.ts";
import { type FirewallRule, firewallRules } from "./firewall-rules.ts";

export interface WebFirewallArgs {
  readonly context: CellContext;
  readonly keys: KeyPart;
  readonly loadBalancerArn: Input<string>;
}

/** AWS's managed rules and a limit by address in front of the load balancer, and a record of what they stopped. */
export class WebFirewall extends ComponentResource {
  constructor(
    name: string,
    { context, keys, loadBalancerArn }: WebFirewallArgs,
    opts?: ComponentResourceOptions,
  ) {
    super("castle:cell:WebFirewall", name, {}, opts);
    const { names, settings } = context;
    const own = { parent: this };
    const acl = new aws.wafv2.WebAcl(
      `${name}-firewall`,
      {
        scope: "REGIONAL",
        description: "In front of Castle's load balancer",
        defaultAction: { allow: {} },
        rules: firewallRules.map(asRule),
        visibilityConfig: visible(`${names.prefix}-firewall`),
      },
      own,
    );
    new aws.wafv2.WebAclAssociation(
      `${name}-firewall`,
      { webAclArn: acl.arn, resourceArn: loadBalancerArn },
      own,
    );
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-firewall`,
      {
        // WAF writes to no group of another name.
        name: `aws-waf-logs-${names.prefix}`,
        kmsKeyId: keys.keyArn,
        retentionInDays: settings.profile.keep.logDays,
      },
      own,
    );
    new aws.wafv2.WebAclLoggingConfiguration(
      `${name}-firewall`,
      {
        resourceArn: acl.arn,
        logDestinationConfigs: [logs.arn],
        // Keys and signatures of traders are nobody's business.
        redactedFields: [{ singleHeader: { name: "x-mbx-apikey" } }, { queryString: {} }],
        // What was let through is in the load balancer's log.
        loggingFilter: {
          defaultBehavior: "DROP",
          filters: [
            {
              behavior: "KEEP",
              requirement: "MEETS_ANY",
              conditions: [
                { actionCondition: { action: "BLOCK" } },
                { actionCondition: { action: "COUNT" } },
              ],
            },
          ],
        },
      },
      own,
    );
    this.registerOutputs({ aclArn: acl.arn });
  }
}

const visible = (metricName: string) => ({
  metricName,
  cloudwatchMetricsEnabled: true,
  sampledRequestsEnabled: true,
});

function asRule(rule: FirewallRule): aws.types.input.wafv2.WebAclRule {
  const { name, priority } = rule;
  const common = { name, priority, visibilityConfig: visible(name) };
  switch (rule.kind) {
    case "rate":
      return {
        ...common,
        action: { block: {} },
        statement: {
          rateBasedStatement: {
            // The address of the client itself, which the accelerator preserves; a header could say anything.
            aggregateKeyType: "IP",
            limit: rule.limit,
            evaluationWindowSec: rule.windowSeconds,
          },
        },
      };
    case "managed":
      return {
        ...common,
        overrideAction: { none: {} },
        statement: {
          managedRuleGroupStatement: {
            vendorName: "AWS",
            name,
            ruleActionOverrides: Object.keys(rule.countOnly).map((name) => ({
              name,
              actionToUse: { count: {} },
            })),
          },
        },
      };
    default:
      return rule satisfies never;
  }
}
