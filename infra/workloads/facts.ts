import type { RegionName } from "@castle/regions/catalogue.ts";
import type { Input } from "@pulumi/pulumi";

/** What the services of a cell are told of it. */
export interface WorkloadFacts {
  readonly region: RegionName;
  readonly namespace: string;
  /** As an image is named: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/castle/production/order-gateway:1.0.0`. */
  imageOf(service: string): string;
  readonly database: { readonly endpoint: Input<string>; readonly readerEndpoint: Input<string> };
  readonly journal: { readonly endpoint: Input<string> };
  /** Host of the other cell's journal; null while the cell stands alone. */
  readonly peerJournal: string | null;
  readonly cache: { readonly endpoint: Input<string> };
  readonly witnessTable: string;
  /** Who reaches the services from outside the cluster: the load balancer's subnets. */
  readonly loadBalancerRanges: readonly string[];
  /** Where stores stand: the cell's own, and the peer's for its journal. */
  readonly storeRanges: readonly string[];
  /** The address space of both cells, in which services reach nothing but what is named. */
  readonly privateRanges: readonly string[];
}

/** Keys of the Kubernetes Secret that the services read, and where in Secrets Manager each stands. */
export const secretKeys = {
  "database-password": { secret: "database", property: "password" },
  "journal-password": { secret: "journal", property: "password" },
  "cache-password": { secret: "cache", property: "password" },
  "seal-key": { secret: "seal-key", property: "key" },
} as const;

export type SecretKey = keyof typeof secretKeys;

/** The Kubernetes Secret that External Secrets Operator fills. */
export const SERVICES_SECRET = "castle-services";
