import { type Answer, type Asked, type Asking, NobodyToAsk } from "../engine/approval.ts";
import { openBuckets } from "../evidence/bucket/open-buckets.ts";
import type { CellRegion, Target } from "../target.ts";
import { awaitSigned } from "./await-signed.ts";
import { inBucket } from "./in-bucket.ts";
import { inFolder } from "./in-folder.ts";

/**
 * Waits for a signed file beside the records: in the folder, and in the copies that these regions keep of it.
 * @param onTrouble told when a place cannot be looked at. @throws NobodyToAsk when the target lists no approver
 */
export async function bySignedFile(
  asked: Asked,
  asking: Asking,
  {
    target,
    regions,
    onTrouble,
  }: {
    readonly target: Target;
    readonly regions: readonly CellRegion[];
    readonly onTrouble: (what: string) => void;
  },
): Promise<Answer> {
  const { buckets, close } = openBuckets(target, regions);
  try {
    const answer = awaitSigned(
      [inFolder(target.runsFolder), ...buckets.map(inBucket)],
      target,
      onTrouble,
    )(asked, asking);
    if (answer === null) throw new NobodyToAsk(asked.approval);
    return await answer;
  } finally {
    close();
  }
}
