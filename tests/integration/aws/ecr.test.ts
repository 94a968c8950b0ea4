import {
  DescribeImagesCommand,
  type DescribeImagesCommandInput,
  DescribeRepositoriesCommand,
  paginateDescribeImages,
  paginateDescribeRepositories,
} from "@aws-sdk/client-ecr";
import { cellRegions, homeRegion, peerRegion, witnessRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { ControlPlaneUnderTest, faultOf, identifiers } from "./control-plane-under-test.ts";
import { HeldThings } from "./held-things.ts";

const repositoryName = "castle/gateway";

describe("the lab's ECR", () => {
  let aws: ControlPlaneUnderTest;
  let holdings: HeldThings;
  beforeEach(async () => {
    holdings = new HeldThings();
    aws = await new ControlPlaneUnderTest({ holdings }).start();
  });
  afterEach(() => aws.stop());

  const repositories = async (region: string, input = {}) =>
    (await aws.ecr(region).send(new DescribeRepositoriesCommand(input))).repositories ?? [];
  const images = async (region: string, input: Partial<DescribeImagesCommandInput> = {}) =>
    (await aws.ecr(region).send(new DescribeImagesCommand({ repositoryName, ...input }))).imageDetails ?? [];
  const digests = async (region: string, input: Partial<DescribeImagesCommandInput> = {}) =>
    (await images(region, input)).map(({ imageDigest }) => imageDigest);

  it("has a registry in each cell's region, each with its own ARNs and addresses, and an empty one elsewhere", async () => {
    for (const region of cellRegions) {
      const found = await repositories(region);
      expect(found.map((repository) => repository.repositoryName)).to.deep.equal([
        "castle/engine",
        "castle/gateway",
      ]);
      expect(found[1]).to.deep.include({
        repositoryArn: `arn:aws:ecr:${region}:${identifiers.account}:repository/castle/gateway`,
        repositoryUri: `${identifiers.account}.dkr.ecr.${region}.amazonaws.com/castle/gateway`,
        registryId: identifiers.account,
        createdAt: new Date("2026-01-02T03:04:05Z"),
      });
    }
    expect(await repositories(witnessRegion)).to.deep.equal([]);
  });

  it("describes an image: digest, tags, size and when it was pushed", async () => {
    expect(await images(homeRegion)).to.deep.equal([
      {
        registryId: identifiers.account,
        repositoryName,
        imageDigest: `sha256:${"c".repeat(64)}`,
        imageTags: ["lab", "v2"],
        imageSizeInBytes: 1_234,
        imagePushedAt: new Date("2026-01-02T03:04:05Z"),
      },
    ]);
  });

  it("shows another digest in both regions once the image is another", async () => {
    const before = await digests(homeRegion);
    expect(await digests(peerRegion)).to.deep.equal(before);
    const digest = `sha256:${"d".repeat(64)}`;
    holdings.held = holdings.held.map((image) => ({ ...image, digest }));
    for (const region of cellRegions) expect(await digests(region)).to.deep.equal([digest]);
  });

  it("lacks in one region what replication did not bring there, and nothing else", async () => {
    aws.replicas.withhold(repositoryName, peerRegion);
    expect(await faultOf(images(peerRegion))).to.include({ name: "RepositoryNotFoundException" });
    expect(await repositories(peerRegion)).to.have.length(1);
    expect(await images(homeRegion)).to.have.length(1);
    aws.replicas.release(repositoryName, peerRegion);
    expect(await images(peerRegion)).to.have.length(1);
  });

  it("finds images by tag, digest and both, and by whether they have a tag", async () => {
    const of = (input: object) => digests(homeRegion, { repositoryName: "castle/engine", ...input });
    const [a, b] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`);
    expect(await of({ imageIds: [{ imageTag: "lab" }] })).to.deep.equal([a]);
    expect(await of({ imageIds: [{ imageDigest: b }, { imageDigest: a }] })).to.deep.equal([a, b]);
    expect(await of({ filter: { tagStatus: "TAGGED" } })).to.deep.equal([a]);
    expect(await of({ filter: { tagStatus: "UNTAGGED" } })).to.deep.equal([b]);
    expect(await of({ filter: { tagStatus: "ANY" } })).to.deep.equal([a, b]);
    expect(await of({ filter: { imageStatus: "ARCHIVED" } })).to.deep.equal([]);
    for (const imageId of [{ imageTag: "v9" }, { imageTag: "lab", imageDigest: b }])
      expect(await faultOf(of({ imageIds: [imageId] }))).to.include({
        name: "ImageNotFoundException",
        status: 400,
      });
  });

  it("refuses a repository or a registry that it does not have", async () => {
    const fault = await faultOf(repositories(homeRegion, { repositoryNames: ["castle/x"] }));
    expect(fault).to.include({
      name: "RepositoryNotFoundException",
      status: 400,
      message: `The repository with name 'castle/x' does not exist in the registry with id '${identifiers.account}'`,
    });
    expect(await faultOf(images(homeRegion, { registryId: "111111111111" }))).to.include({
      name: "RepositoryNotFoundException",
    });
    expect(await repositories(homeRegion, { registryId: "111111111111" })).to.deep.equal([]);
  });

  it("pages as the SDK's paginators ask", async () => {
    const client = aws.ecr(homeRegion);
    const names: (string | undefined)[][] = [];
    for await (const page of paginateDescribeRepositories({ client, pageSize: 1 }, {}))
      names.push(page.repositories?.map((repository) => repository.repositoryName) ?? []);
    expect(names).to.deep.equal([["castle/engine"], ["castle/gateway"]]);
    let pages = 0;
    const engine = { repositoryName: "castle/engine" };
    for await (const page of paginateDescribeImages({ client, pageSize: 1 }, engine)) {
      expect(page.imageDetails).to.have.length(1);
      pages += 1;
    }
    expect(pages).to.equal(2);
  });

  for (const [what, input] of [
    ["a page of images that are named", { imageIds: [{ imageTag: "lab" }], maxResults: 1 }],
    ["a token that no page ended with", { nextToken: "x" }],
  ] as const)
    it(`refuses ${what}`, async () => {
      const given = input as Partial<DescribeImagesCommandInput>;
      expect(await faultOf(images(homeRegion, given))).to.include({
        name: "InvalidParameterException",
        status: 400,
      });
    });

  it("answers with InternalFailure rather than with what does not fit the model", async () => {
    holdings.held = holdings.held.map((image) => ({ ...image, sizeInBytes: "1" as unknown as number }));
    const fault = await faultOf(images(homeRegion));
    expect(fault).to.include({ name: "InternalFailure", status: 500 });
    expect(fault.message).to.include("imageDetails.0.imageSizeInBytes is wrong-type");
  });
});
