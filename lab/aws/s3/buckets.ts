import { cellRegions } from "@castle/regions/catalogue.ts";
import type { LabIdentifiers } from "../identifiers.ts";
import { Bucket, type BucketOptions } from "./bucket.ts";

/** Every bucket there is. Names are one space for all regions. */
export type Buckets = readonly Bucket[];

export const noBuckets: Buckets = [];

/** One bucket for evidence in each region that holds a cell. */
export const evidenceBuckets = (
  identifiers: LabIdentifiers,
  options: Pick<BucketOptions, "folder" | "objectLock" | "now">,
): Buckets =>
  cellRegions.map(
    (region) => new Bucket({ ...options, name: identifiers.cell(region).evidenceBucket, region }),
  );
