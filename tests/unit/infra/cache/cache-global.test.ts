import { expect } from "chai";
import { CacheMember } from "../../../../infra/cell/cache/cache-member.ts";
import { CacheGlobal } from "../../../../infra/global/cache/cache-global.ts";
import { contextOf } from "../support/cell-context.ts";
import { keys, network, secretsOfTests } from "../support/parts-of-tests.ts";
import { record } from "../support/recorded.ts";

const DATASTORE = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup";

const datastore = async () =>
  (
    await record(
      () => new CacheGlobal("castle", { context: contextOf("prd"), primaryReplicationGroupId: "at-birth" }),
    )
  ).one(DATASTORE);

describe("the global datastore", () => {
  it("names the home cell's cache at birth, and never again: read back it is the primary of now", async () => {
    const { inputs, ignoreChanges, protect } = await datastore();
    expect(inputs).to.include({ primaryReplicationGroupId: "at-birth" });
    expect(ignoreChanges).to.include("primaryReplicationGroupId");
    expect(protect).to.equal(true);
  });

  it("is made after the cache that it begins with", async () => {
    const made = await record(() => {
      const context = contextOf("prd");
      const cache = new CacheMember("castle", { context, network, keys, secrets: secretsOfTests() });
      new CacheGlobal("castle", { context, primaryReplicationGroupId: cache.replicationGroupId });
    });
    const { inputs, dependencies } = made.one(DATASTORE);
    expect(inputs["primaryReplicationGroupId"]).to.equal("castle-production-eu-west-1");
    expect(dependencies.join()).to.include("aws:elasticache/replicationGroup:ReplicationGroup");
  });

  it("ends with the name that the peer's settings begin to tell", async () => {
    const { inputs } = await datastore();
    const told = contextOf("dr").settings.shared?.globalReplicationGroupId;
    expect(told).to.match(new RegExp(`^[a-z0-9]+-${inputs["globalReplicationGroupIdSuffix"]}$`));
  });

  it("is where version and node type of both members are turned", async () => {
    expect((await datastore()).inputs).to.include({
      cacheNodeType: "cache.r7g.large",
      engineVersion: "7.1",
      automaticFailoverEnabled: true,
    });
  });
});
