import * as internals from "@pulumi/policy/proxy.js";

/** What Pulumi's policy library keeps to itself and rules cannot do without: how it marks what is unknown. Its version is pinned. */
interface Proxy {
  readonly isSpecialProxy: string;
  readonly getSpecialProxyTarget: string;
  readonly unknownBooleanValue: string;
  readonly unknownNumberValue: string;
  readonly unknownStringValue: string;
  readonly unknownArrayValue: string;
  readonly unknownAssetValue: string;
  readonly unknownArchiveValue: string;
  readonly unknownObjectValue: string;
}

export const proxy = internals as unknown as Proxy;
