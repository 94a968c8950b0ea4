import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

type Chain = typeof import("@aws-sdk/credential-provider-node");
type Provider = ReturnType<Chain["defaultProvider"]>;

let shared: Provider | null = null;

/**
 * AWS's usual chain of credentials (environment, profile, role of the machine), walked once for a whole process: each
 * client that walked it by itself would ask the same metadata service, or sign in, again. For AWS itself, never for a lab.
 */
export function awsCredentials(): Provider {
  if (shared === null) {
    // Loaded for AWS alone: a lab has none to ask.
    const { defaultProvider }: Chain = require("@aws-sdk/credential-provider-node");
    shared = defaultProvider();
  }
  return shared;
}
