import type { ECRClient } from "@aws-sdk/client-ecr";
import { sdk } from "./sdk.ts";

export interface Image {
  readonly digest: string;
  readonly tags: readonly string[];
  /** Milliseconds since 1970. */
  readonly pushedAt: number;
}

/** The images of a repository that carry a tag, newest first; null when the region has no such repository. */
export async function taggedImages(client: ECRClient, repository: string): Promise<readonly Image[] | null> {
  const images: Image[] = [];
  try {
    const pages = sdk.ecr.paginateDescribeImages(
      { client },
      { repositoryName: repository, filter: { tagStatus: "TAGGED" } },
    );
    for await (const { imageDetails = [] } of pages)
      for (const { imageDigest, imageTags = [], imagePushedAt } of imageDetails)
        images.push({
          digest: imageDigest ?? "unknown",
          tags: imageTags,
          pushedAt: imagePushedAt?.getTime() ?? 0,
        });
  } catch (error) {
    if (error instanceof sdk.ecr.RepositoryNotFoundException) return null;
    throw error;
  }
  return images.sort((a, b) => b.pushedAt - a.pushedAt);
}
