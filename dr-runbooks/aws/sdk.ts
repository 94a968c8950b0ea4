import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * AWS's clients, each loaded when something of it is first used: a command needs few of them, and a failover begins with
 * none. Required, since import reads each of these large files twice more: to find out that it is CommonJS, and what it
 * exports.
 */
export const sdk = {
  get acm(): typeof import("@aws-sdk/client-acm") {
    return require("@aws-sdk/client-acm");
  },
  get cloudWatch(): typeof import("@aws-sdk/client-cloudwatch") {
    return require("@aws-sdk/client-cloudwatch");
  },
  get ecr(): typeof import("@aws-sdk/client-ecr") {
    return require("@aws-sdk/client-ecr");
  },
  get eks(): typeof import("@aws-sdk/client-eks") {
    return require("@aws-sdk/client-eks");
  },
  get elasticache(): typeof import("@aws-sdk/client-elasticache") {
    return require("@aws-sdk/client-elasticache");
  },
  get globalAccelerator(): typeof import("@aws-sdk/client-global-accelerator") {
    return require("@aws-sdk/client-global-accelerator");
  },
  get rds(): typeof import("@aws-sdk/client-rds") {
    return require("@aws-sdk/client-rds");
  },
  get s3(): typeof import("@aws-sdk/client-s3") {
    return require("@aws-sdk/client-s3");
  },
  get secretsManager(): typeof import("@aws-sdk/client-secrets-manager") {
    return require("@aws-sdk/client-secrets-manager");
  },
  get serviceQuotas(): typeof import("@aws-sdk/client-service-quotas") {
    return require("@aws-sdk/client-service-quotas");
  },
  get sns(): typeof import("@aws-sdk/client-sns") {
    return require("@aws-sdk/client-sns");
  },
  get sts(): typeof import("@aws-sdk/client-sts") {
    return require("@aws-sdk/client-sts");
  },
};

/** Loads all of them now: for whoever is about to use most, and gives each answer little time. */
export function loadSdk(): void {
  Object.values(sdk);
}
