import { expect } from "chai";
import { CacheMember } from "../../../../infra/cell/cache/cache-member.ts";
import { layOutSubnets } from "../../../../infra/cell/network/subnet-layout.ts";
import { contextOf } from "../support/cell-context.ts";
import { keys, network, secretsOfTests } from "../support/parts-of-tests.ts";
import { type RecordOptions, record } from "../support/recorded.ts";

const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";

const cacheOf = (stack: string, options: RecordOptions = {}) =>
  record(
    () => new CacheMember("castle", { context: contextOf(stack), network, keys, secrets: secretsOfTests() }),
    options,
  );

/** What the provider refuses beside a datastore's id: replication_group.go, ConflictsWith. */
const DATASTORES_OWN = [
  "engine",
  "engineVersion",
  "nodeType",
  "numNodeGroups",
  "parameterGroupName",
  "transitEncryptionEnabled",
  "transitEncryptionMode",
  "atRestEncryptionEnabled",
  "securityGroupNames",
  "snapshotArns",
  "snapshotName",
];

describe("the cell's cache", () => {
  it("is encrypted on the disk and on the line where it is the first, known before anything exists", async () => {
    const { inputs } = (await cacheOf("prd", { preview: true })).one(GROUP);
    expect(inputs).to.include({
      engine: "redis",
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      atRestEncryptionEnabled: true,
      kmsKeyId: keys.keyArn,
    });
    expect(inputs).not.to.have.property("globalReplicationGroupId");
  });

  it("drops no job when it is full", async () => {
    const { inputs } = (await cacheOf("prd")).one("aws:elasticache/parameterGroup:ParameterGroup");
    expect(inputs).to.deep.include({
      family: "redis7",
      parameters: [{ name: "maxmemory-policy", value: "noeviction" }],
    });
  });

  it("joins the datastore in the peer cell, and names nothing that is the datastore's", async () => {
    const cache = await cacheOf("dr");
    const { inputs } = cache.one(GROUP);
    expect(inputs).to.include({ globalReplicationGroupId: "dtzvr-castle-production", kmsKeyId: keys.keyArn });
    expect(inputs).not.to.have.any.keys(...DATASTORES_OWN);
    expect(cache.ofType("aws:elasticache/parameterGroup:ParameterGroup")).to.be.empty;
  });

  for (const stack of ["prd", "dr"]) {
    it(`is protected in ${stack}, and asks for nothing that the datastore changes`, async () => {
      const { protect, ignoreChanges } = (await cacheOf(stack)).one(GROUP);
      expect(protect).to.equal(true);
      expect(ignoreChanges).to.include.members([
        "engineVersion",
        "parameterGroupName",
        "nodeType",
        "globalReplicationGroupId",
      ]);
    });

    it(`survives a zone in ${stack}`, async () => {
      const { inputs } = (await cacheOf(stack)).one(GROUP);
      expect(inputs).to.include({
        automaticFailoverEnabled: true,
        multiAzEnabled: true,
        numCacheClusters: 3,
      });
      expect(new Set(inputs["preferredCacheClusterAzs"] as string[]).size).to.equal(3);
    });

    it(`asks for a token in ${stack}, given write-only`, async () => {
      const { inputs } = (await cacheOf(stack)).one(GROUP);
      expect(inputs).not.to.have.property("authToken");
      expect(inputs).to.include({ authTokenWo: "of the cache" });
    });
  }

  it("goes by another id than the peer's: the datastore tells its primary by id alone", async () => {
    const home = (await cacheOf("prd")).one(GROUP).inputs["replicationGroupId"] as string;
    const peer = (await cacheOf("dr")).one(GROUP).inputs["replicationGroupId"] as string;
    expect(home).not.to.equal(peer);
    for (const id of [home, peer]) expect(id).to.match(/^[a-z][a-z0-9-]{0,39}$/);
  });

  it("is of a type that a datastore takes wherever there is one", async () => {
    for (const stack of ["prd", "stg"])
      expect((await cacheOf(stack)).one(GROUP).inputs["nodeType"]).to.match(/^cache\.[mr]/);
  });

  it("may be resized where it stands alone, and then has one node", async () => {
    const { inputs, ignoreChanges, protect } = (await cacheOf("dev")).one(GROUP);
    expect(ignoreChanges).to.deep.equal([]);
    expect(protect).to.equal(false);
    expect(inputs).to.include({
      automaticFailoverEnabled: false,
      multiAzEnabled: false,
      transitEncryptionEnabled: true,
    });
  });

  it("lets in both cells' private tiers, on one port", async () => {
    const { inputs } = (await cacheOf("dr")).one("aws:ec2/securityGroup:SecurityGroup");
    const rules = inputs["ingress"] as Record<string, unknown>[];
    const ranges = [network.ranges.private, layOutSubnets(contextOf("prd").region.cidr).private];
    expect(rules.map(({ cidrBlocks }) => cidrBlocks)).to.deep.equal(ranges);
    for (const rule of rules) expect(rule).to.deep.include({ fromPort: 6379, toPort: 6379 });
  });
});
