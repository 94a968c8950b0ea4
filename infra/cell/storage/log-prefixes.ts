/** Where in the log buckets each of AWS's writers writes. */
export const logPrefixes = {
  accelerator: "accelerator",
  buckets: "buckets",
  config: "config",
  loadBalancer: "load-balancer",
  trail: "trail",
} as const;
