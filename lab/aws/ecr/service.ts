import {
  DescribeImages$,
  type DescribeImagesRequest,
  DescribeRepositories$,
  type DescribeRepositoriesRequest,
  InvalidParameterException$,
  RepositoryNotFoundException$,
  ServerException$,
} from "@aws-sdk/client-ecr";
import { regionNames } from "@castle/regions/catalogue.ts";
import { modelledFault, rateExceeded } from "../fault.ts";
import type { Image } from "../holdings.ts";
import { pageOf } from "../paginate.ts";
import { type AwsService, type Call, operation, type ServiceParts } from "../service.ts";
import { jsonProtocol } from "../wire/json.ts";
import { chosenImages, describeImage, describeRepository } from "./images.ts";

const pageLimit = { min: 1, max: 1_000 };

/** ECR, over the images of the lab's services: a private registry in each region, which replication keeps the same. */
export function ecr({ holdings, identifiers, replicas }: ServiceParts): AwsService {
  const { account } = identifiers;
  const held = async (region: string): Promise<readonly Image[]> =>
    (await holdings.images()).filter(({ repository }) => replicas.has(repository, region));

  const requireRepository = (images: readonly Image[], name: string, registryId = account): void => {
    if (registryId === account && images.some(({ repository }) => repository === name)) return;
    throw modelledFault(
      RepositoryNotFoundException$,
      `The repository with name '${name}' does not exist in the registry with id '${registryId}'`,
    );
  };

  async function describeRepositories(input: DescribeRepositoriesRequest, { region }: Call) {
    const images = await held(region);
    const { repositoryNames: names, registryId = account } = input;
    if (names) requireNoPaging("repositoryNames", input);
    for (const name of names ?? []) requireRepository(images, name, registryId);
    const wanted = new Set(names ?? (registryId === account ? images.map((image) => image.repository) : []));
    const { items, ...rest } = requirePage([...wanted], (name) => name, input);
    return {
      ...{ repositories: items.map((name) => describeRepository(name, region, images, account)), ...rest },
    };
  }

  async function describeImages(input: DescribeImagesRequest, { region }: Call) {
    const { repositoryName = "", registryId, imageIds } = input;
    const images = await held(region);
    requireRepository(images, repositoryName, registryId);
    if (imageIds) requireNoPaging("imageIds", input);
    const inIt = images.filter(({ repository }) => repository === repositoryName);
    const { items, ...rest } = requirePage(chosenImages(inIt, input, account), ({ digest }) => digest, input);
    return { imageDetails: items.map((image) => describeImage(image, account)), ...rest };
  }

  return {
    signingName: "ecr",
    regions: regionNames,
    protocol: jsonProtocol({ version: "1.1", serviceTarget: "AmazonEC2ContainerRegistry_V20150921" }),
    failures: {
      throttled: rateExceeded,
      internal: () => modelledFault(ServerException$, "A server-side issue occurred."),
    },
    operations: [
      operation<DescribeRepositoriesRequest>(DescribeRepositories$, describeRepositories, {
        repositoryNames: { min: 1, max: 100 },
        maxResults: pageLimit,
      }),
      operation<DescribeImagesRequest>(DescribeImages$, describeImages, {
        imageIds: { min: 1, max: 100 },
        maxResults: pageLimit,
      }),
    ],
  };
}

interface Paging {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

function requirePage<Item>(items: readonly Item[], keyOf: (item: Item) => string, paging: Paging) {
  const page = pageOf(items, keyOf, { MaxRecords: paging.maxResults, Marker: paging.nextToken });
  if (page === null) throw invalid(`Invalid parameter at 'nextToken': ${paging.nextToken}`);
  return { items: page.items, ...(page.Marker !== undefined && { nextToken: page.Marker }) };
}

/** As documented: what is asked for by name comes whole. */
function requireNoPaging(member: string, { maxResults, nextToken }: Paging): void {
  if (maxResults !== undefined || nextToken !== undefined)
    throw invalid(`maxResults and nextToken cannot be used together with ${member}`);
}

const invalid = (message: string) => modelledFault(InvalidParameterException$, message);
