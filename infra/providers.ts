import { type RegionName, witnessRegion } from "@castle/regions/catalogue.ts";
import * as aws from "@pulumi/aws";
import type { Settings } from "./settings/settings.ts";

/** Global Accelerator's control plane stands in one region, whatever regions its endpoints are in. */
const ACCELERATOR_REGION = "us-west-2";
/** CloudFront, its certificates and its firewall are made in this region. */
const FRONT_REGION = "us-east-1";

/** Whom the stack talks to: its own region, the witness's, the accelerator's control plane; nobody else. */
export interface Providers {
  readonly cell: aws.Provider;
  readonly accelerator: aws.Provider;
  /** In the stack of the home cell only, which makes the witness's table. */
  readonly witness: aws.Provider | null;
  /** In the stack that makes the global tier. */
  readonly front: aws.Provider | null;
}

export function makeProviders(settings: Settings, home: boolean): Providers {
  const provider = (name: string, region: RegionName | typeof ACCELERATOR_REGION | typeof FRONT_REGION) =>
    new aws.Provider(name, {
      region,
      // Another account's credentials at hand must never be enough.
      allowedAccountIds: [settings.account],
      defaultTags: { tags: tagsOf(settings) },
    });
  return {
    cell: provider("cell", settings.region),
    accelerator: provider("accelerator", ACCELERATOR_REGION),
    witness: home ? provider("witness", witnessRegion) : null,
    front: home && settings.profile.globalTier ? provider("front", FRONT_REGION) : null,
  };
}

/** On everything that can be tagged. */
export const tagsOf = ({ environment, stack }: Settings): Record<string, string> => ({
  "castle:platform": "castle",
  "castle:environment": environment,
  "castle:stack": stack,
  "castle:managed-by": "pulumi",
});
