import * as aws from "@pulumi/aws";
import {
  all,
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import type { CellContext } from "../cell/context.ts";

export interface MailArgs {
  readonly context: CellContext;
  readonly front: aws.Provider;
  readonly zoneId: Input<string>;
}

/** SES asks for three DKIM records, always. */
const DKIM_RECORDS = [0, 1, 2] as const;

/** The domain as a sender of mail that receivers can tell from an impostor: DKIM, SPF by its own MAIL FROM, DMARC. */
export class Mail extends ComponentResource {
  /** Known once its DNS records stand. */
  readonly identityArn: Output<string>;
  readonly configurationSet: Output<string>;

  constructor(name: string, { context, front, zoneId }: MailArgs, opts?: ComponentResourceOptions) {
    super("castle:global:Mail", name, {}, opts);
    const { settings, names } = context;
    const { domain } = settings;
    const here = { parent: this };
    const record = (
      suffix: string,
      type: "CNAME" | "MX" | "TXT",
      host: Input<string>,
      value: Input<string>,
    ) =>
      new aws.route53.Record(
        `${name}-${suffix}`,
        { zoneId, name: host, type, ttl: 3_600, records: [value] },
        { parent: this, provider: front },
      );

    const sending = new aws.sesv2.ConfigurationSet(
      `${name}-sending`,
      {
        configurationSetName: names.prefix,
        deliveryOptions: { tlsPolicy: "REQUIRE" },
        reputationOptions: { reputationMetricsEnabled: true },
        sendingOptions: { sendingEnabled: true },
        suppressionOptions: { suppressedReasons: ["BOUNCE", "COMPLAINT"] },
      },
      here,
    );
    new aws.sesv2.ConfigurationSetEventDestination(
      `${name}-events`,
      {
        configurationSetName: sending.configurationSetName,
        eventDestinationName: "metrics",
        eventDestination: {
          enabled: true,
          matchingEventTypes: ["BOUNCE", "COMPLAINT", "REJECT", "SEND"],
          cloudWatchDestination: {
            dimensionConfigurations: [
              {
                dimensionName: "ses:configuration-set",
                dimensionValueSource: "MESSAGE_TAG",
                defaultDimensionValue: names.prefix,
              },
            ],
          },
        },
      },
      here,
    );
    const identity = new aws.sesv2.EmailIdentity(
      `${name}-identity`,
      {
        emailIdentity: domain,
        configurationSetName: sending.configurationSetName,
      },
      { ...here, protect: settings.profile.protectData },
    );
    // Asked for without attributes of DKIM: with any of them given, a preview would take the tokens for missing.
    const tokens = identity.dkimSigningAttributes.apply(({ tokens }) => tokens);
    const proofs = DKIM_RECORDS.map((n) => {
      const token = tokens.apply((all) => tokenNumber(n, all));
      return record(
        `dkim-${n}`,
        "CNAME",
        token.apply((known) => `${known}._domainkey.${domain}`),
        token.apply((known) => `${known}.dkim.amazonses.com`),
      );
    });
    // Its own MAIL FROM lets SPF agree with the address that people see.
    const from = new aws.sesv2.EmailIdentityMailFromAttributes(
      `${name}-from`,
      {
        emailIdentity: identity.emailIdentity,
        mailFromDomain: `mail.${domain}`,
        behaviorOnMxFailure: "REJECT_MESSAGE",
      },
      here,
    );
    record("from-mx", "MX", `mail.${domain}`, `10 feedback-smtp.${settings.region}.amazonses.com`);
    record("from-spf", "TXT", `mail.${domain}`, "v=spf1 include:amazonses.com -all");
    // Nothing is sent from the bare domain by anyone else.
    record("spf", "TXT", domain, "v=spf1 -all");
    record("dmarc", "TXT", `_dmarc.${domain}`, `v=DMARC1; p=reject; rua=mailto:${settings.alertEmail}`);

    // Cognito refuses a sender whose records SES has not seen.
    this.identityArn = all([identity.arn, all(proofs.map(({ fqdn }) => fqdn)), from.id]).apply(
      ([arn]) => arn,
    );
    this.configurationSet = sending.configurationSetName;
    this.registerOutputs({ identityArn: this.identityArn });
  }
}

function tokenNumber(n: number, tokens: readonly string[]): string {
  const token = tokens[n];
  if (token === undefined) throw new Error(`SES gave ${tokens.length} DKIM tokens, where it gives 3`);
  return token;
}
