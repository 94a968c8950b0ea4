import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { CellContext } from "../context.ts";
import type { KeyPart } from "../parts.ts";
import { keyPolicy } from "./key-policy.ts";

export interface CellKeysArgs {
  readonly context: CellContext;
}

/** The longest that KMS waits: what was encrypted with a deleted key is gone. */
const DELETION_WINDOW_DAYS = 30;

/**
 * The key that everything in a cell is encrypted with. The home cell makes a multi-Region key, the peer a replica of it:
 * the same key material in both regions, each used through its own region's KMS alone, so that what one region encrypted
 * opens in the other while the first is gone. Only the making of a replica asks the home region; once it stands, the
 * peer's stack talks to its own. Rotation is the primary's, and is seen by its replicas.
 */
export class CellKeys extends ComponentResource implements KeyPart {
  readonly keyArn: Output<string>;

  constructor(name: string, { context }: CellKeysArgs, opts?: ComponentResourceOptions) {
    super("castle:cell:CellKeys", name, {}, opts);
    const { settings, region, home, names } = context;
    const common = {
      description: `Everything of ${names.prefix} in ${region.city}`,
      policy: keyPolicy(settings.account, region.name),
      deletionWindowInDays: DELETION_WINDOW_DAYS,
    };
    const options = { parent: this, protect: settings.profile.protectData };

    const key =
      home || settings.shared === null
        ? new aws.kms.Key(
            name,
            // Whether a key is a multi-Region one is decided at its birth: a cell without a peer may get one later.
            { ...common, multiRegion: true, enableKeyRotation: true, rotationPeriodInDays: 365 },
            options,
          )
        : new aws.kms.ReplicaKey(name, { ...common, primaryKeyArn: settings.shared.primaryKeyArn }, options);
    new aws.kms.Alias(name, { name: `alias/${names.prefix}`, targetKeyId: key.keyId }, { parent: this });

    this.keyArn = key.arn;
    this.registerOutputs({ keyArn: this.keyArn });
  }
}
