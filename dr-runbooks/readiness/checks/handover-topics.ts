import { cellRegions } from "@castle/regions/catalogue.ts";
import { seconds } from "@castle/regions/duration.ts";
import { topicExists } from "../../aws/topic.ts";
import { type Check, judged, notConfigured, type Verdict } from "../check.ts";
import { named } from "../named.ts";

export const handoverTopics: Check = {
  name: "handover-topics",
  why: "A handover tells its beginning and its end in the target's region: without the topic there, nobody hears of it.",
  mend: "Create the topic in the region that lacks it, subscribe whoever must know, and name it in the target.",
  severity: "warns",
  deadline: seconds(20),
  look: async (world) => {
    const topics = cellRegions.map((region) => ({ region, arn: world.target.cells[region].topicArn }));
    if (topics.every(({ arn }) => arn === undefined))
      return { ...notConfigured("topic for handovers"), wanted: "cells.REGION.topicArn in the target" };
    const found = await Promise.all(
      topics.map(async ({ region, arn }) => ({
        region,
        there:
          arn !== undefined &&
          (await named(`SNS in ${region}`, topicExists(world.connections.aws.topics(region), arn))),
      })),
    );
    return judgeTopics(found);
  },
};

/** Pure. */
export function judgeTopics(found: readonly { readonly region: string; readonly there: boolean }[]): Verdict {
  const against = found
    .filter(({ there }) => !there)
    .map(({ region }) => `${region} has no topic for handovers`);
  return judged(against, {
    found: "a topic in both regions",
    wanted: "a topic for handovers in both regions",
  });
}
