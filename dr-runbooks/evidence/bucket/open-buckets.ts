import { cellRegions } from "@castle/regions/catalogue.ts";
import { type Duration, minutes } from "@castle/regions/duration.ts";
import { S3EvidenceBucket } from "../../aws/evidence-bucket.ts";
import { type AwsClients, awsClients } from "../../clients.ts";
import type { CellRegion, Target } from "../../target.ts";

export interface OpenBuckets {
  readonly buckets: readonly S3EvidenceBucket[];
  close(): void;
}

/** The target's buckets in those regions, in that order; none where the target names none. */
export function openBuckets(target: Target, regions: readonly CellRegion[] = cellRegions): OpenBuckets {
  const aws = awsClients(target);
  return { buckets: bucketsOf(target, aws, regions), close: () => aws.close() };
}

export function bucketsOf(
  target: Target,
  aws: Pick<AwsClients, "evidence">,
  regions: readonly CellRegion[] = cellRegions,
): S3EvidenceBucket[] {
  const named = target.evidence?.buckets ?? {};
  const retention = retentionOf(target);
  return regions.flatMap((region) => {
    const name = named[region];
    return name === undefined
      ? []
      : [new S3EvidenceBucket(() => aws.evidence(region), { region, name, retention })];
  });
}

/** How long the target wants every line locked. */
export const retentionOf = ({ evidence }: Target): Duration =>
  minutes((evidence?.retentionDays ?? 0) * 24 * 60);
