import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";

export interface FindingsNoticesArgs {
  /** In the same region; its policy lets EventBridge tell it. */
  readonly topicArn: Input<string>;
}

/**
 * What is worth waking somebody for, as EventBridge matches it. Security Hub repeats GuardDuty's findings, and every
 * check of a standard once a day: so the former come from GuardDuty alone (7 and above is its "high"), and of the latter
 * only what is critical, new and still so. Source: user guides of GuardDuty and Security Hub, "EventBridge".
 */
export const findingPatterns = {
  guardduty: {
    source: ["aws.guardduty"],
    "detail-type": ["GuardDuty Finding"],
    detail: { severity: [{ numeric: [">=", 7] }] },
  },
  "security-hub": {
    source: ["aws.securityhub"],
    "detail-type": ["Security Hub Findings - Imported"],
    detail: {
      findings: {
        ProductName: [{ "anything-but": "GuardDuty" }],
        RecordState: ["ACTIVE"],
        Severity: { Label: ["CRITICAL"] },
        Workflow: { Status: ["NEW"] },
      },
    },
  },
} as const;

/** Tells people of a region's findings where they are told of its alarms. */
export class FindingsNotices extends ComponentResource {
  constructor(name: string, { topicArn }: FindingsNoticesArgs, opts?: ComponentResourceOptions) {
    super("castle:audit:FindingsNotices", name, {}, opts);
    const here = { parent: this };
    for (const [source, pattern] of Object.entries(findingPatterns)) {
      const rule = new aws.cloudwatch.EventRule(
        `${name}-${source}`,
        {
          description: `Findings of ${source} that people are told of`,
          eventPattern: JSON.stringify(pattern),
        },
        here,
      );
      // No role: for a topic EventBridge goes by the topic's own policy, and may fail on an encrypted one with a role.
      new aws.cloudwatch.EventTarget(`${name}-${source}`, { rule: rule.name, arn: topicArn }, here);
    }
    this.registerOutputs({});
  }
}
