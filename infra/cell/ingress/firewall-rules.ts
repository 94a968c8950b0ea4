/** A rule of the web firewall as plain data: groups that AWS keeps, and one of our own that counts. */
export type FirewallRule =
  | {
      readonly kind: "managed";
      readonly name: string;
      readonly priority: number;
      /** Rules of the group that only count here, with the reason. */
      readonly countOnly: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: "rate";
      readonly name: string;
      readonly priority: number;
      /** Requests of one address within the window. */
      readonly limit: number;
      readonly windowSeconds: 60 | 120 | 300 | 600;
    };

/** What one bot may send by itself; a market maker with several accounts does. */
const BOT_PER_SECOND = 500;
const WINDOW_SECONDS = 60;
/** Bots share an address behind one NAT gateway. The gateway's own limits, by key and account, are far below. */
const BOTS_PER_ADDRESS = 2;

/**
 * What the firewall looks at, in order. Left out on purpose: AWS's list of anonymous addresses, which holds the cloud
 * providers' own, where most bots run; and its bot control, which would turn away the very clients the API is for.
 * A blocked request is answered with 403, which clients of Binance know as the firewall's limit. Pure.
 */
export const firewallRules: readonly FirewallRule[] = [
  {
    kind: "rate",
    name: "one-address",
    priority: 0,
    limit: BOTS_PER_ADDRESS * BOT_PER_SECOND * WINDOW_SECONDS,
    windowSeconds: WINDOW_SECONDS,
  },
  { kind: "managed", name: "AWSManagedRulesAmazonIpReputationList", priority: 1, countOnly: {} },
  { kind: "managed", name: "AWSManagedRulesKnownBadInputsRuleSet", priority: 2, countOnly: {} },
  {
    kind: "managed",
    name: "AWSManagedRulesCommonRuleSet",
    priority: 3,
    countOnly: {
      NoUserAgent_HEADER: "trading clients written by hand send none",
    },
  },
  { kind: "managed", name: "AWSManagedRulesSQLiRuleSet", priority: 4, countOnly: {} },
];
