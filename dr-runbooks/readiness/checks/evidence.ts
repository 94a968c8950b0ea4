import { cellRegions } from "@castle/regions/catalogue.ts";
import { seconds } from "@castle/regions/duration.ts";
import type { Safeguards } from "../../aws/evidence-bucket.ts";
import type { StoredObject } from "../../evidence/bucket/bucket.ts";
import { FolderOnDisk } from "../../evidence/bucket/folder-on-disk.ts";
import { bucketsOf } from "../../evidence/bucket/open-buckets.ts";
import { placeOf, prefixOf } from "../../evidence/bucket/place.ts";
import { INDEX } from "../../evidence/executions-index.ts";
import type { CellRegion } from "../../target.ts";
import { type Check, judged, notConfigured, type Verdict } from "../check.ts";
import { named } from "../named.ts";

export interface BucketFound {
  readonly region: CellRegion;
  /** null: the target names no bucket there. */
  readonly safeguards: Safeguards | null;
  /** Of the latest execution's lines, how many are there. */
  readonly there: number;
}

/** The execution that was recorded last, and how many lines of it the folder holds. */
export interface Latest {
  readonly id: string;
  readonly lines: number;
}

export const evidence: Check = {
  name: "evidence",
  why: "Of an execution whose record is with the lost region alone, nobody can go on, and nobody can show what was done.",
  mend: "Send what is missing with castle evidence ship. A bucket without Object Lock cannot be mended: make one with it, and name that in the target.",
  severity: "warns",
  deadline: seconds(20),
  look: async (world) => {
    const { target } = world;
    const buckets = bucketsOf(target, world.connections.aws);
    if (buckets.length === 0)
      return { ...notConfigured("bucket for evidence"), wanted: "evidence.buckets in the target" };
    const latest = await latestIn(target.runsFolder);
    const found = await Promise.all(
      cellRegions.map(async (region): Promise<BucketFound> => {
        const bucket = buckets.find((one) => one.region === region);
        if (!bucket) return { region, safeguards: null, there: 0 };
        const [safeguards, objects] = await named(
          `S3 in ${region}`,
          Promise.all([bucket.safeguards(), bucket.list(prefixOf(latest?.id ?? INDEX))]),
        );
        return { region, safeguards, there: linesAmong(objects) };
      }),
    );
    return judgeEvidence(found, latest);
  },
};

/** Pure. */
export function judgeEvidence(found: readonly BucketFound[], latest: Latest | null): Verdict {
  const against = found.flatMap(({ region, safeguards, there }) => {
    if (safeguards === null) return [`the target names no bucket in ${region}`];
    return [
      ...(safeguards.objectLock ? [] : [`the bucket in ${region} has no Object Lock: lines can be removed`]),
      ...(safeguards.versioning ? [] : [`the bucket in ${region} keeps no versions: lines can be replaced`]),
      ...(latest && there < latest.lines
        ? [`${region} has ${there} of ${latest.lines} lines of ${latest.id}`]
        : []),
    ];
  });
  const complete = latest ? `${latest.id} is complete in both` : "nothing was recorded yet";
  return judged(against, {
    found: `buckets with Object Lock and versions; ${complete}`,
    wanted: "a bucket with Object Lock and versions in each region, and the latest record in it",
  });
}

const linesAmong = (objects: readonly StoredObject[]): number =>
  new Set(objects.filter(({ isDeleteMarker }) => !isDeleteMarker).map(({ key }) => placeOf(key)?.seq)).size;

async function latestIn(folder: string): Promise<Latest | null> {
  const records = (await new FolderOnDisk(folder).read()).filter(({ chain }) => chain !== INDEX);
  const [newest] = records;
  return newest ? { id: newest.chain, lines: newest.lines.length } : null;
}
