import {
  type DescribeImagesRequest,
  type ImageDetail,
  type ImageIdentifier,
  ImageNotFoundException$,
  type Repository,
} from "@aws-sdk/client-ecr";
import { modelledFault } from "../fault.ts";
import type { Image } from "../holdings.ts";

export function describeRepository(
  name: string,
  region: string,
  images: readonly Image[],
  account: string,
): Repository {
  const oldest = Math.min(
    ...images.filter(({ repository }) => repository === name).map(({ pushedAt }) => pushedAt.getTime()),
  );
  return {
    repositoryArn: `arn:aws:ecr:${region}:${account}:repository/${name}`,
    registryId: account,
    repositoryName: name,
    repositoryUri: `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
    // The lab keeps no older record of a repository than the image in it.
    createdAt: new Date(oldest),
    imageTagMutability: "MUTABLE",
  };
}

export const describeImage = (image: Image, account: string): ImageDetail => ({
  registryId: account,
  repositoryName: image.repository,
  imageDigest: image.digest,
  imageTags: [...image.tags],
  imageSizeInBytes: image.sizeInBytes,
  imagePushedAt: image.pushedAt,
});

/** The images of a repository that a request asks for. @throws AwsFault ImageNotFoundException for one it names in vain */
export function chosenImages(
  images: readonly Image[],
  { imageIds, filter, repositoryName }: DescribeImagesRequest,
  account: string,
): readonly Image[] {
  const isNamed = (image: Image, { imageDigest, imageTag }: ImageIdentifier): boolean =>
    (imageDigest === undefined || image.digest === imageDigest) &&
    (imageTag === undefined || image.tags.includes(imageTag));
  for (const id of imageIds ?? [])
    if (!images.some((image) => isNamed(image, id)))
      throw modelledFault(
        ImageNotFoundException$,
        `The image with imageId {imageDigest:'${id.imageDigest ?? "null"}', imageTag:'${id.imageTag ?? "null"}'} ` +
          `does not exist within the repository with name '${repositoryName}' in the registry with id '${account}'`,
      );
  return images
    .filter((image) => !imageIds || imageIds.some((id) => isNamed(image, id)))
    .filter(({ tags }) => filter?.tagStatus !== "UNTAGGED" || tags.length === 0)
    .filter(({ tags }) => filter?.tagStatus !== "TAGGED" || tags.length > 0)
    .filter(() => filter?.imageStatus === undefined || ["ACTIVE", "ANY"].includes(filter.imageStatus));
}
