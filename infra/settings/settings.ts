import { type CellRegion, cellRegions, peerOf, regionNamed } from "@castle/regions/catalogue.ts";
import { z } from "zod";
import { type Profile, profileNames, profiles } from "./profiles.ts";

/** What a stack's configuration says, checked: `Pulumi.<stack>.yaml`, under `castle:`. */
export interface Settings {
  readonly stack: string;
  /** Both cells of one platform have the same; it begins every physical name. */
  readonly environment: string;
  readonly profile: Profile;
  /** The AWS account's twelve digits. */
  readonly account: string;
  readonly region: CellRegion;
  /** DNS domain of the platform: `api.`, `stream.` and the portal live under it. */
  readonly domain: string;
  /** Tag of the services' images; tags are immutable. */
  readonly release: string;
  /** ARNs of the IAM roles that may operate the cluster and run runbooks. */
  readonly operators: readonly string[];
  readonly alertEmail: string;
  readonly monthlyBudgetUsd: number;
  readonly objectives: Objectives;
  readonly admin: boolean;
  /**
   * Whether this stack keeps its account's audit. AWS has one recorder, one detector and one Security Hub for an account
   * and region, so of the stacks that share both only one may have it.
   */
  readonly audit: boolean;
  /** Who may approve a runbook's question from elsewhere (`castle approve`), with Ed25519 public keys as PEM. */
  readonly approvers: readonly { readonly name: string; readonly publicKey: string }[];
  readonly blockchainNodes: BlockchainNodesSettings | null;
  /** The other cell, once it stands; null while this cell stands alone. */
  readonly peer: PeerSettings | null;
  /** What the home cell's stack told of what both cells share; null in the home cell, which makes it. */
  readonly shared: SharedSettings | null;
}

export interface Objectives {
  readonly recoveryTimeSeconds: number;
  readonly recoveryPointCommands?: number | undefined;
  readonly recoveryPointSeconds?: number | undefined;
}

export interface PeerSettings {
  readonly stack: string;
  readonly region: CellRegion;
  readonly vpcId: string;
  /** In the home cell, the connection that the peer cell asked for; null in the peer cell, which asks. */
  readonly peeringConnectionId: string | null;
  /** Host of the journal in the other cell, to which this cell's matching engine appends. */
  readonly journalEndpoint: string;
}

export interface SharedSettings {
  /** The multi-Region KMS key of the home cell. */
  readonly primaryKeyArn: string;
  readonly globalReplicationGroupId: string;
  readonly acceleratorListenerArn: string;
}

export interface BlockchainNodesSettings {
  /** An image whose chain data is synchronised already. */
  readonly imageId: string;
  readonly instanceType: string;
  readonly count: number;
}

/** Every mistake of a stack's configuration at once, a line each. */
export class SettingsInvalid extends Error {
  readonly mistakes: readonly string[];

  constructor(stack: string, mistakes: readonly string[]) {
    super(`Pulumi.${stack}.yaml is not a valid configuration:\n${mistakes.map((m) => `  ${m}`).join("\n")}`);
    this.name = "SettingsInvalid";
    this.mistakes = mistakes;
  }
}

const id = (prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `must be an id such as ${prefix}-0a1b2c3d4e5f60001`);
const arn = (service: string, what: string) =>
  z.string().startsWith(`arn:aws:${service}:`, `must be the ARN of ${what}`);
const domain = z
  .string()
  .regex(
    /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
    "must be a domain name in lower case, such as castle.example",
  );
const host = z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, "must be a host name without a port");

const peer = z.strictObject({
  stack: z.string().min(1),
  vpcId: id("vpc"),
  peeringConnectionId: id("pcx").nullable(),
  journalEndpoint: host,
});

const shared = z.strictObject({
  primaryKeyArn: z
    .string()
    .regex(
      /^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/mrk-[0-9a-f]{32}$/,
      "must be the ARN of a multi-Region key (…:key/mrk-…)",
    ),
  globalReplicationGroupId: z
    .string()
    .regex(/^[a-z0-9]+-[a-z0-9-]+$/, "must be AWS's prefix and the name, such as dtzvr-castle"),
  acceleratorListenerArn: arn("globalaccelerator", "a listener"),
});

const blockchainNodes = z.strictObject({
  imageId: id("ami"),
  instanceType: z.string().regex(/^[a-z0-9-]+\.[a-z0-9]+$/, "must be an instance type such as r7g.xlarge"),
  count: z.int().min(1).max(6).default(2),
});

const configuration = z.strictObject({
  account: z.string().regex(/^\d{12}$/, "must be the account's twelve digits, in quotes"),
  environment: z
    .string()
    .regex(/^[a-z][a-z0-9]{1,11}$/, "must be 2 to 12 lower-case letters and digits: it begins names"),
  profile: z.enum(profileNames),
  region: z.enum(cellRegions),
  domain,
  release: z
    .string()
    .regex(/^[\w][\w.-]{0,127}$/, "must be an image tag")
    .refine((tag) => tag !== "latest", "must not be latest: a release is a fixed one"),
  operators: z
    .array(z.string().regex(/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/, "must be the ARN of an IAM role"))
    .min(1),
  alertEmail: z.email(),
  monthlyBudgetUsd: z.number().positive(),
  objectives: z.strictObject({
    recoveryTimeSeconds: z.number().positive(),
    recoveryPointCommands: z.int().nonnegative().optional(),
    recoveryPointSeconds: z.number().nonnegative().optional(),
  }),
  admin: z.boolean().default(false),
  audit: z.boolean().default(false),
  approvers: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        publicKey: z.string().startsWith("-----BEGIN PUBLIC KEY-----", "must be a public key as PEM"),
      }),
    )
    .default([]),
  blockchainNodes: blockchainNodes.optional(),
  peer: peer.optional(),
  shared: shared.optional(),
});

type Configuration = z.infer<typeof configuration>;

/**
 * @param raw the stack's `castle:` values by their bare names; lists, objects, numbers and booleans as JSON, as Pulumi
 *   keeps them
 * @throws SettingsInvalid with every mistake
 */
export function readSettings(stack: string, raw: Readonly<Record<string, string>>): Settings {
  const parsed = configuration.safeParse(
    Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, jsonOr(key, value)])),
  );
  if (!parsed.success)
    throw new SettingsInvalid(
      stack,
      parsed.error.issues.map(({ path, message, code, ...issue }) =>
        code === "unrecognized_keys" && "keys" in issue
          ? `castle:${[...path, ""].join(".")}${issue.keys.join(", ")} is no setting; known: ${Object.keys(configuration.shape).join(", ")}`
          : `castle:${path.join(".")} ${message}`,
      ),
    );
  const mistakes = contradictions(parsed.data);
  if (mistakes.length > 0) throw new SettingsInvalid(stack, mistakes);
  const { profile, peer: other, shared: told, blockchainNodes: nodes, ...rest } = parsed.data;
  return {
    stack,
    ...rest,
    profile: profiles[profile],
    blockchainNodes: nodes ?? null,
    peer: other ? { ...other, region: peerOf(rest.region) } : null,
    shared: told ?? null,
  };
}

/** Pulumi keeps what is no string as JSON; what stays text are the settings that are text. */
const TEXT = new Set(["account", "environment", "profile", "region", "domain", "release", "alertEmail"]);

function jsonOr(key: string, value: string): unknown {
  if (TEXT.has(key)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** What each value alone does not show. */
function contradictions(config: Configuration): string[] {
  const mistakes: string[] = [];
  const home = regionNamed(config.region).purpose === "home";
  if (home && config.shared)
    mistakes.push(
      `castle:shared is for the peer cell; ${config.region} is the home region, whose stack makes what is shared`,
    );
  if (!home && !config.shared)
    mistakes.push(
      `castle:shared is missing: the cell in ${config.region} joins what the home cell's stack has made`,
    );
  if (!home && !config.peer) mistakes.push("castle:peer is missing: a peer cell has a home cell");
  if (home && config.peer && config.peer.peeringConnectionId === null)
    mistakes.push(
      "castle:peer.peeringConnectionId is missing: the home cell accepts the connection that the peer asked for",
    );
  if (!home && config.peer && config.peer.peeringConnectionId !== null)
    mistakes.push("castle:peer.peeringConnectionId must be null: the peer cell asks for the connection");
  if (config.peer && !profiles[config.profile].globalTier)
    mistakes.push(`castle:peer: profile ${config.profile} has no global tier, and so no second cell`);
  if (config.shared && !config.shared.primaryKeyArn.includes(`:${config.account}:`))
    mistakes.push(
      `castle:shared.primaryKeyArn is of another account than castle:account (${config.account})`,
    );
  for (const role of config.operators)
    if (!role.includes(`::${config.account}:`))
      mistakes.push(
        `castle:operators: ${role} is of another account than castle:account (${config.account})`,
      );
  return mistakes;
}
