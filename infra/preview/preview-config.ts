import { readSettings } from "../settings/settings.ts";
import { asPulumiHands, ownConfig, rawStackConfig } from "../settings/stack-file.ts";
import type { PreviewNames } from "./names.ts";
import { PreviewRefused } from "./refused.ts";

/** Whose account, domain and operators previews have. */
export const BASE_STACK = "dev";
/** Whose account previews are never in. */
const PRODUCTION_STACK = "prd";

/** A stack's configuration as its file holds it: lists and objects as such. */
export type StackConfig = Readonly<Record<string, unknown>>;

export interface PreviewConfig {
  /** The nonproduction account's twelve digits. */
  readonly account: string;
  readonly config: StackConfig;
}

/**
 * A preview's configuration: that of `dev`, under names of its own. Checked before anything is begun.
 * @throws PreviewRefused when `dev` is no profile for previews, or in production's account; SettingsInvalid
 */
export function previewConfig(
  { stack, environment }: PreviewNames,
  release: string | undefined,
  configOf: (stack: string) => StackConfig = rawStackConfig,
): PreviewConfig {
  const base = configOf(BASE_STACK);
  const config = {
    ...base,
    "castle:environment": environment,
    "castle:domain": `${environment}.${base["castle:domain"]}`,
    ...(release === undefined ? {} : { "castle:release": release }),
  };
  const { account, profile } = readSettings(stack, ownConfig(asPulumiHands(config)));
  if (profile.name !== "preview")
    throw new PreviewRefused(
      `Pulumi.${BASE_STACK}.yaml has the profile ${profile.name}: previews are made of a stack of profile preview`,
    );
  if (account === configOf(PRODUCTION_STACK)["castle:account"])
    throw new PreviewRefused(
      `Pulumi.${BASE_STACK}.yaml names production's account ${account}: previews belong into another`,
    );
  return { account, config };
}
