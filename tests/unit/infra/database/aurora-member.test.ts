import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { AuroraMember } from "../../../../infra/cell/database/aurora-member.ts";
import { layOutSubnets } from "../../../../infra/cell/network/subnet-layout.ts";
import { contextOf } from "../support/cell-context.ts";
import { keys, network, secretsOfTests } from "../support/parts-of-tests.ts";
import { type RecordOptions, record } from "../support/recorded.ts";

const CLUSTER = "aws:rds/cluster:Cluster";

const memberOf = (stack: string, options: RecordOptions = {}) =>
  record(
    () => new AuroraMember("castle", { context: contextOf(stack), network, keys, secrets: secretsOfTests() }),
    { stack, ...options },
  );

describe("the cell's member of the global database", () => {
  for (const stack of ["prd", "dr"]) {
    it(`is born into the global database in ${stack}, and asks for nothing that a handover changes`, async () => {
      const { inputs, ignoreChanges } = (await memberOf(stack)).one(CLUSTER);
      expect(inputs).to.include({ globalClusterIdentifier: "castle-production" });
      expect(inputs).not.to.have.any.keys(
        "replicationSourceIdentifier",
        "availabilityZones",
        "manageMasterUserPassword",
        "sourceRegion",
      );
      expect(ignoreChanges).to.include.members([
        "globalClusterIdentifier",
        "replicationSourceIdentifier",
        "availabilityZones",
      ]);
    });

    it(`is protected, encrypted, backed up and logged in ${stack}, known before anything exists`, async () => {
      const { inputs, protect } = (await memberOf(stack, { preview: true })).one(CLUSTER);
      expect(protect).to.equal(true);
      expect(inputs).to.deep.include({
        storageEncrypted: true,
        kmsKeyId: keys.keyArn,
        deletionProtection: true,
        skipFinalSnapshot: false,
        backupRetentionPeriod: 35,
        copyTagsToSnapshot: true,
        enabledCloudwatchLogsExports: ["postgresql"],
        iamDatabaseAuthenticationEnabled: true,
      });
    });
  }

  it("has an owner where it is born as the writer, and takes the writer's where it joins", async () => {
    expect((await memberOf("prd")).one(CLUSTER).inputs).to.include({ masterUsername: "castle" });
    expect((await memberOf("dr")).one(CLUSTER).inputs).not.to.have.any.keys(
      "masterUsername",
      "masterPasswordWo",
      "masterPassword",
      "databaseName",
    );
  });

  it("is given the owner's password write-only", async () => {
    const { inputs } = (await memberOf("prd")).one(CLUSTER);
    expect(inputs).not.to.have.property("masterPassword");
    expect(inputs).to.include({ masterPasswordWo: "of the database" });
  });

  for (const stack of ["prd", "dr", "stg"])
    it(`spreads at least two instances over zones in ${stack}, watched and never upgraded by themselves`, async () => {
      const instances = (await memberOf(stack)).ofType("aws:rds/clusterInstance:ClusterInstance");
      const zones = instances.map(({ inputs }) => inputs["availabilityZone"]);
      expect(new Set(zones).size).to.equal(zones.length).and.to.be.at.least(2);
      for (const { inputs, protect } of instances) {
        expect(protect).to.equal(true);
        expect(inputs).to.include({
          publiclyAccessible: false,
          autoMinorVersionUpgrade: false,
          performanceInsightsEnabled: true,
          performanceInsightsKmsKeyId: keys.keyArn,
          monitoringInterval: 15,
        });
      }
    });

  it("stands alone, small and unprotected in a preview", async () => {
    const member = await memberOf("dev");
    const { inputs, protect } = member.one(CLUSTER);
    expect(inputs).not.to.have.property("globalClusterIdentifier");
    expect(inputs).to.include({ deletionProtection: false, skipFinalSnapshot: true, storageEncrypted: true });
    expect(protect).to.equal(false);
    expect(member.ofType("aws:rds/clusterInstance:ClusterInstance")).to.have.lengthOf(1);
  });

  it("lets in both cells' private tiers, on one port, and lets out nothing", async () => {
    const rule = (description: string, cidrBlocks: readonly string[]) => ({
      ...{ description, cidrBlocks, protocol: "tcp", fromPort: 5432, toPort: 5432 },
    });
    expect((await memberOf("prd")).one("aws:ec2/securityGroup:SecurityGroup").inputs).to.deep.include({
      ingress: [
        rule("the cell to the database", network.ranges.private),
        rule("the peer cell to the database", layOutSubnets(contextOf("dr").region.cidr).private),
      ],
      egress: [],
    });
  });

  it("has its logs kept under its own key for as long as the profile says", async () => {
    expect((await memberOf("prd")).one("aws:cloudwatch/logGroup:LogGroup").inputs).to.include({
      name: "/aws/rds/cluster/castle-production-database/postgresql",
      kmsKeyId: keys.keyArn,
      retentionInDays: 400,
    });
  });

  it("is made after the global database that it is born into", async () => {
    const made = await record(() => {
      const global = new aws.rds.GlobalCluster("global", { globalClusterIdentifier: "castle-production" });
      const context = contextOf("prd");
      new AuroraMember("castle", { context, network, keys, secrets: secretsOfTests(), global });
    });
    expect(made.one(CLUSTER).dependencies.join()).to.include("aws:rds/globalCluster:GlobalCluster::global");
  });
});
