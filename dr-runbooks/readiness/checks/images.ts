import { seconds } from "@castle/regions/duration.ts";
import { type Image, taggedImages } from "../../aws/readiness-images.ts";
import { type Check, judged, notConfigured, type Verdict } from "../check.ts";
import { named } from "../named.ts";

export interface RepositoryFound {
  readonly name: string;
  /** Newest first; null where the region has no such repository. */
  readonly active: readonly Image[] | null;
  readonly peer: readonly Image[] | null;
}

export const images: Check = {
  name: "images",
  why: "A node that starts in the peer after a takeover pulls its images there: the other region's registry is gone.",
  mend: "See that the registry's replication rule covers the repository, and push the newest image again if it came before the rule.",
  severity: "warns",
  deadline: seconds(30),
  look: async (world) => {
    const repositories = world.target.readiness?.repositories ?? [];
    if (repositories.length === 0) return notConfigured("repositories");
    const { active, peer } = await world.sides();
    const { aws } = world.connections;
    return judgeImages(
      await Promise.all(
        repositories.map(async (name) => {
          const [here, there] = await Promise.all([
            named(`ECR in ${active}`, taggedImages(aws.images(active), name)),
            named(`ECR in ${peer}`, taggedImages(aws.images(peer), name)),
          ]);
          return { name, active: here, peer: there };
        }),
      ),
    );
  },
};

/** Pure. */
export function judgeImages(repositories: readonly RepositoryFound[]): Verdict {
  const against = repositories.flatMap(({ name, active, peer }) => {
    if (active === null) return [`${name} is no repository in the active region`];
    if (peer === null) return [`${name} is no repository in the peer`];
    const [newest] = active;
    if (!newest) return [`${name} holds no image`];
    return peer.some(({ digest }) => digest === newest.digest)
      ? []
      : [`the newest image of ${name} (${newest.tags.join(", ")}) is not in the peer`];
  });
  return judged(against, {
    found: `the newest image of ${repositories.length} repositories is in both regions`,
    wanted: "the newest image of each repository in both regions, by its digest",
  });
}
