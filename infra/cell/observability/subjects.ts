import type { RegionName } from "@castle/regions/catalogue.ts";
import type { ServiceName } from "@castle/services/catalogue.ts";
import type { Input } from "@pulumi/pulumi";

/** What a cell's alarms and dashboard watch, by the names that CloudWatch has it under. */
export interface Subjects<Text = Input<string>> {
  /** Begins the name of every alarm: readiness looks for those that begin with "castle". */
  readonly prefix: string;
  readonly region: RegionName;
  /** Whether there is a member in the peer that this cell's may be behind. */
  readonly paired: boolean;
  readonly clusterIdentifier: string;
  readonly journal: { readonly identifier: string; readonly storageGiB: number };
  readonly cache: { readonly replicationGroupId: string; readonly nodes: number };
  /** As metrics name the load balancer: the end of its ARN, as of the target groups by service. */
  readonly loadBalancer: Text;
  readonly targetGroups: Readonly<Record<string, Text>>;
  readonly certificateArn: Text;
}

/** Nodes of a replication group are numbered from 001, whatever becomes of them. */
export const cacheNodes = ({ cache }: Pick<Subjects, "cache">): readonly string[] =>
  Array.from(
    { length: cache.nodes },
    (_, index) => `${cache.replicationGroupId}-${String(index + 1).padStart(3, "0")}`,
  );

/** @throws Error that names the service, when the edge does not lead to it */
export function targetGroupOf<Text>(
  { targetGroups }: Pick<Subjects<Text>, "targetGroups">,
  service: ServiceName,
): Text {
  const found = targetGroups[service];
  if (found === undefined)
    throw new Error(
      `${service} has no target group to watch: the edge leads to ${Object.keys(targetGroups).join(", ") || "nothing"} (services/catalogue.ts)`,
    );
  return found;
}
