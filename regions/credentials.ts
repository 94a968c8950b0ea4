import { defaultProvider } from "@aws-sdk/credential-provider-node";

type Provider = ReturnType<typeof defaultProvider>;

let shared: Provider | null = null;

/**
 * AWS's usual chain of credentials (environment, profile, role of the machine), walked once for a whole process: each
 * client that walked it by itself would ask the same metadata service, or sign in, again. For AWS itself, never for a lab.
 */
export function awsCredentials(): Provider {
  shared ??= defaultProvider();
  return shared;
}
