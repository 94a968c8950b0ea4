import type { CellContext } from "../../cell/context.ts";

/** Names of what records an account, known before any of it exists: their policies name each other. */
export interface AuditNames {
  /** Holds the trail's files; locked. */
  readonly trailBucket: string;
  /** Holds the history of the configuration. */
  readonly configBucket: string;
  readonly trail: string;
  readonly trailArn: string;
}

export function auditNamesOf({ names, settings }: Pick<CellContext, "names" | "settings">): AuditNames {
  const { region, account } = settings;
  const trail = `${names.prefix}-${region}`;
  return {
    trailBucket: `${names.prefix}-trail-${region}-${account}`,
    configBucket: `${names.prefix}-config-${region}-${account}`,
    trail,
    trailArn: `arn:aws:cloudtrail:${region}:${account}:trail/${trail}`,
  };
}
