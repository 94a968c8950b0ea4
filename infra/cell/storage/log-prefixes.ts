/** Where in the log buckets each of AWS's writers writes. */
export const logPrefixes = {
  accelerator: "accelerator",
  buckets: "buckets",
  frontend: "frontend",
  loadBalancer: "load-balancer",
} as const;
