import type * as kubernetes from "@pulumi/kubernetes";
import type { Input, Output } from "@pulumi/pulumi";
import type { BucketKind } from "../names.ts";

/** What the parts of a cell know of each other, and no more: each component asks for these, and is tested with plain values. */

export interface NetworkPart {
  readonly vpcId: Input<string>;
  readonly publicSubnetIds: Input<string[]>;
  /** Where nodes and services run. */
  readonly privateSubnetIds: Input<string[]>;
  /** Where databases and caches stand: no way out to the internet. */
  readonly dataSubnetIds: Input<string[]>;
  /** Address ranges by tier, one for each zone, known before anything exists: what firewalls and policies go by. */
  readonly ranges: TierRanges;
}

export interface TierRanges {
  readonly public: readonly string[];
  readonly private: readonly string[];
  readonly data: readonly string[];
}

export interface KeyPart {
  /** The cell's own replica (or primary) of the platform's multi-Region KMS key. */
  readonly keyArn: Input<string>;
}

export interface SecretsPart {
  /** Secrets Manager's names of what services are given, the same in both regions. */
  readonly services: readonly string[];
  /** Passwords of the stores' owners, read from Secrets Manager; secret, and never a store's plain property where AWS takes it write-only. */
  readonly databasePassword: Output<string>;
  readonly journalPassword: Output<string>;
  readonly cacheToken: Output<string>;
}

export interface StoragePart {
  readonly buckets: Readonly<
    Record<BucketKind, { readonly name: Input<string>; readonly arn: Input<string> }>
  >;
}

export interface DatabasePart {
  readonly clusterArn: Input<string>;
  readonly clusterIdentifier: Input<string>;
  readonly endpoint: Input<string>;
  readonly readerEndpoint: Input<string>;
}

export interface JournalPart {
  readonly instanceIdentifier: Input<string>;
  readonly endpoint: Input<string>;
}

export interface CachePart {
  readonly replicationGroupId: Input<string>;
  readonly endpoint: Input<string>;
}

export interface ClusterPart {
  readonly name: Input<string>;
  /** Whom everything in the cluster is asked of. */
  readonly kubernetes: kubernetes.Provider;
}

export interface IngressPart {
  readonly loadBalancerArn: Input<string>;
  /** As CloudWatch names the load balancer in its metrics. */
  readonly loadBalancerArnSuffix: Input<string>;
  readonly dnsName: Input<string>;
  readonly zoneId: Input<string>;
  /** By service: the target group its pods are bound to. */
  readonly targetGroupArns: Readonly<Record<string, Input<string>>>;
  readonly certificateDomains: readonly string[];
}

/** Where a cell's alarms are told, and its handovers. */
export interface ObservabilityPart {
  readonly topicArn: Input<string>;
}
