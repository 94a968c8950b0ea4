import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import type { CellContext } from "../cell/context.ts";
import { hostsOf } from "./hosts.ts";

export interface UsersArgs {
  readonly context: CellContext;
  readonly mail: { readonly identityArn: Input<string>; readonly configurationSet: Input<string> };
}

/** What a token may be good for: an access token of the portal carries no more than it was given. */
export const SCOPES = {
  read: "See balances, orders and trades",
  trade: "Place and cancel orders",
} as const;

const API = "castle";

/** Host of the pages where people sign in; known without asking. */
export const signInHostOf = ({ names, settings }: Pick<CellContext, "names" | "settings">): string =>
  `${signInPrefix(names.prefix, settings.account)}.auth.${settings.region}.amazoncognito.com`;

const signInPrefix = (prefix: string, account: string): string => `${prefix}-${account}`;

/**
 * The people who use the portal. A pool lives in one region: while the home region is lost nobody can sign in anew, and
 * who is signed in stays so for as long as the tokens last. Trading does not depend on it: bots and clients sign with
 * API keys, which stand in the database.
 */
export class Users extends ComponentResource {
  readonly userPoolId: Output<string>;
  readonly clientId: Output<string>;
  readonly signInHost: string;

  constructor(name: string, { context, mail }: UsersArgs, opts?: ComponentResourceOptions) {
    super("castle:global:Users", name, {}, opts);
    const { settings, names } = context;
    const { protectData } = settings.profile;
    const { portal } = hostsOf(settings.domain);
    const here = { parent: this };

    const pool = new aws.cognito.UserPool(
      `${name}-pool`,
      {
        name: names.prefix,
        deletionProtection: protectData ? "ACTIVE" : "INACTIVE",
        usernameAttributes: ["email"],
        usernameConfiguration: { caseSensitive: false },
        autoVerifiedAttributes: ["email"],
        userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdates: ["email"] },
        // An exchange knows its customers before they have an account.
        adminCreateUserConfig: { allowAdminCreateUserOnly: true },
        passwordPolicy: {
          minimumLength: 14,
          requireLowercase: true,
          requireUppercase: true,
          requireNumbers: true,
          requireSymbols: true,
          passwordHistorySize: 5,
          temporaryPasswordValidityDays: 1,
        },
        mfaConfiguration: "ON",
        // By an authenticator alone: a text message follows whoever takes over the number.
        softwareTokenMfaConfiguration: { enabled: true },
        accountRecoverySetting: { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] },
        deviceConfiguration: { challengeRequiredOnNewDevice: true, deviceOnlyRememberedOnUserPrompt: true },
        // Threat protection (stolen passwords, odd places) belongs to this tier.
        userPoolTier: "PLUS",
        userPoolAddOns: { advancedSecurityMode: "ENFORCED" },
        emailConfiguration: {
          emailSendingAccount: "DEVELOPER",
          sourceArn: mail.identityArn,
          configurationSet: mail.configurationSet,
          fromEmailAddress: `Castle <no-reply@${settings.domain}>`,
        },
      },
      { ...here, protect: protectData },
    );
    const api = new aws.cognito.ResourceServer(
      `${name}-api`,
      {
        userPoolId: pool.id,
        identifier: API,
        name: "Castle's API",
        scopes: Object.entries(SCOPES).map(([scopeName, scopeDescription]) => ({
          scopeName,
          scopeDescription,
        })),
      },
      here,
    );
    const client = new aws.cognito.UserPoolClient(
      `${name}-portal`,
      {
        userPoolId: pool.id,
        name: "portal",
        // A page in a browser keeps no secret: it proves itself by PKCE.
        generateSecret: false,
        allowedOauthFlowsUserPoolClient: true,
        allowedOauthFlows: ["code"],
        allowedOauthScopes: ["openid", "email", ...Object.keys(SCOPES).map((scope) => `${API}/${scope}`)],
        supportedIdentityProviders: ["COGNITO"],
        callbackUrls: [`https://${portal}/signed-in`],
        logoutUrls: [`https://${portal}/`],
        explicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
        preventUserExistenceErrors: "ENABLED",
        enableTokenRevocation: true,
        tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "hours" },
        accessTokenValidity: 15,
        idTokenValidity: 15,
        refreshTokenValidity: 12,
        refreshTokenRotation: { feature: "ENABLED", retryGracePeriodSeconds: 30 },
      },
      { ...here, dependsOn: [api] },
    );
    new aws.cognito.UserPoolDomain(
      `${name}-sign-in`,
      { userPoolId: pool.id, domain: signInPrefix(names.prefix, settings.account), managedLoginVersion: 2 },
      here,
    );

    this.userPoolId = pool.id;
    this.clientId = client.id;
    this.signInHost = signInHostOf(context);
    this.registerOutputs({ userPoolId: this.userPoolId, clientId: this.clientId });
  }
}
