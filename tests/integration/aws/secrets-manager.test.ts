import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  type ListSecretsCommandInput,
  paginateListSecrets,
} from "@aws-sdk/client-secrets-manager";
import { homeRegion, peerRegion, witnessRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { ControlPlaneUnderTest, faultOf, identifiers } from "./control-plane-under-test.ts";
import { HeldThings } from "./held-things.ts";

const sealKey = "castle/seal-key";

describe("the lab's Secrets Manager", () => {
  let aws: ControlPlaneUnderTest;
  beforeEach(async () => {
    aws = await new ControlPlaneUnderTest({ holdings: new HeldThings() }).start();
  });
  afterEach(() => aws.stop());

  const described = (region: string, SecretId = sealKey) =>
    aws.secrets(region).send(new DescribeSecretCommand({ SecretId }));
  const names = async (region: string, input: ListSecretsCommandInput = {}) =>
    (await aws.secrets(region).send(new ListSecretsCommand(input))).SecretList?.map(({ Name }) => Name);

  it("describes a secret in its own region, with its replica's state", async () => {
    const { $metadata, ARN, ...secret } = await described(homeRegion);
    expect(ARN).to.match(
      new RegExp(`^arn:aws:secretsmanager:${homeRegion}:${identifiers.account}:secret:${sealKey}-\\w{6}$`),
    );
    expect(secret).to.deep.equal({
      Name: sealKey,
      Description: "Seals",
      CreatedDate: new Date(1e12),
      LastChangedDate: new Date(1e12),
      PrimaryRegion: homeRegion,
      VersionIdsToStages: { ["1".repeat(36)]: ["AWSCURRENT"] },
      ReplicationStatus: [
        {
          Region: peerRegion,
          KmsKeyId: "alias/aws/secretsmanager",
          Status: "InSync",
          StatusMessage: "Replication succeeded",
        },
      ],
    });
  });

  it("describes its replica: the same version and suffix, under the replica's own ARN", async () => {
    const [home, peer] = await Promise.all([described(homeRegion), described(peerRegion)]);
    expect(peer.VersionIdsToStages).to.deep.equal(home.VersionIdsToStages);
    expect(peer.ARN).to.equal(home.ARN?.replace(homeRegion, peerRegion));
    expect(peer).to.include({ PrimaryRegion: homeRegion }).and.not.to.have.property("ReplicationStatus");
    expect(await described(peerRegion, peer.ARN)).to.include({ Name: sealKey });
    expect(await faultOf(described(peerRegion, home.ARN))).to.include({ name: "ResourceNotFoundException" });
  });

  it("tells a replica that is not there, in the primary and where it should be", async () => {
    aws.replicas.withhold(sealKey, peerRegion);
    const { ReplicationStatus: [replica] = [] } = await described(homeRegion);
    expect(replica).to.include({ Region: peerRegion, Status: "Failed" });
    expect(await faultOf(described(peerRegion))).to.include({
      name: "ResourceNotFoundException",
      status: 400,
      message: "Secrets Manager can't find the specified secret.",
    });
    expect(await names(peerRegion)).to.deep.equal(["castle/database"]);
  });

  it("lists by name, page by page, and none in a region without a cell", async () => {
    const client = aws.secrets(homeRegion);
    const pages: (string | undefined)[][] = [];
    for await (const { SecretList = [] } of paginateListSecrets({ client, pageSize: 1 }, {}))
      pages.push(SecretList.map(({ Name }) => Name));
    expect(pages).to.deep.equal([["castle/database"], [sealKey]]);
    expect(await names(witnessRegion)).to.deep.equal([]);
  });

  it("filters by the beginning of what AWS filters by, and the other way round with !", async () => {
    const filtered = (Key: "name" | "description" | "primary-region" | "tag-key", ...Values: string[]) =>
      names(homeRegion, { Filters: [{ Key, Values }] });
    expect(await filtered("name", "castle/s")).to.deep.equal([sealKey]);
    expect(await filtered("name", "!castle/s")).to.deep.equal(["castle/database"]);
    expect(await filtered("description", "Op", "Se")).to.have.length(2);
    expect(await filtered("primary-region", peerRegion)).to.deep.equal([]);
    expect(await filtered("tag-key", "any")).to.deep.equal([]);
  });

  for (const [what, input, name] of [
    ["a filter key it does not have", { Filters: [{ Key: "colour", Values: ["x"] }] }, "Parameter"],
    ["an order it does not list in", { SortOrder: "desc" }, "Parameter"],
    ["a token that no page ended with", { NextToken: "x" }, "NextToken"],
  ] as const)
    it(`refuses ${what}`, async () => {
      expect(await faultOf(names(homeRegion, input as unknown as ListSecretsCommandInput))).to.include({
        name: `Invalid${name}Exception`,
        status: 400,
      });
    });

  it("gives no value to anybody", async () => {
    const value = new GetSecretValueCommand({ SecretId: sealKey });
    expect(await faultOf(aws.secrets(homeRegion).send(value))).to.include({
      name: "UnknownOperationException",
    });
  });
});
