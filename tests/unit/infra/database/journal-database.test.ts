import { expect } from "chai";
import { JournalDatabase } from "../../../../infra/cell/database/journal-database.ts";
import { layOutSubnets } from "../../../../infra/cell/network/subnet-layout.ts";
import { contextOf } from "../support/cell-context.ts";
import { keys, network, secretsOfTests } from "../support/parts-of-tests.ts";
import { type RecordOptions, record } from "../support/recorded.ts";

const INSTANCE = "aws:rds/instance:Instance";

const journalOf = (stack: string, options: RecordOptions = {}) =>
  record(() => {
    new JournalDatabase("castle", { context: contextOf(stack), network, keys, secrets: secretsOfTests() });
  }, options);

describe("the journal", () => {
  for (const stack of ["prd", "dr"])
    it(`has a copy in another zone, is encrypted, protected and backed up in ${stack}, known before anything exists`, async () => {
      const { inputs, protect } = (await journalOf(stack, { preview: true })).one(INSTANCE);
      expect(protect).to.equal(true);
      expect(inputs).to.deep.include({
        multiAz: true,
        storageEncrypted: true,
        kmsKeyId: keys.keyArn,
        publiclyAccessible: false,
        deletionProtection: true,
        skipFinalSnapshot: false,
        backupRetentionPeriod: 35,
        autoMinorVersionUpgrade: false,
        copyTagsToSnapshot: true,
        performanceInsightsEnabled: true,
        monitoringInterval: 15,
        enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      });
    });

  it("may be deleted with its preview, and is encrypted there too", async () => {
    const { inputs, protect } = (await journalOf("dev")).one(INSTANCE);
    expect(protect).to.equal(false);
    expect(inputs).to.include({
      ...{ multiAz: false, storageEncrypted: true, deletionProtection: false, skipFinalSnapshot: true },
    });
  });

  it("goes by the name that the peer's stack has it under", async () => {
    const { inputs } = (await journalOf("prd")).one(INSTANCE);
    const told = contextOf("dr").settings.peer?.journalEndpoint;
    expect(told?.split(".")[0]).to.equal(inputs["identifier"]);
  });

  it("takes part in no replication and no handover", async () => {
    const { inputs } = (await journalOf("dr")).one(INSTANCE);
    expect(inputs).not.to.have.any.keys("replicateSourceDb", "replicaMode", "restoreToPointInTime");
  });

  it("grows by itself before it is full", async () => {
    const { inputs } = (await journalOf("prd")).one(INSTANCE);
    expect(inputs).to.include({ allocatedStorage: 200, maxAllocatedStorage: 1_000 });
  });

  it("is given its owner's password write-only", async () => {
    const { inputs } = (await journalOf("prd")).one(INSTANCE);
    expect(inputs).not.to.have.property("password");
    expect(inputs).to.include({ passwordWo: "of the journal" });
  });

  it("lets in its own cell's services, and the peer's gateways where the peer's own layout has them, on one port", async () => {
    const peers = layOutSubnets(contextOf("dr").region.cidr).private;
    const { inputs } = (await journalOf("prd")).one("aws:ec2/securityGroup:SecurityGroup");
    const rule = (description: string, cidrBlocks: readonly string[]) => ({
      ...{ description, cidrBlocks, protocol: "tcp", fromPort: 5432, toPort: 5432 },
    });
    expect(inputs).to.deep.include({
      ingress: [
        rule("the cell to the journal", network.ranges.private),
        rule("the peer cell to the journal", peers),
      ],
      egress: [],
    });
  });

  it("lets in nobody else while its cell stands alone", async () => {
    const { inputs } = (await journalOf("stg")).one("aws:ec2/securityGroup:SecurityGroup");
    expect(inputs["ingress"]).to.have.lengthOf(1);
  });

  it("forces TLS", async () => {
    const { inputs } = (await journalOf("prd")).one("aws:rds/parameterGroup:ParameterGroup");
    expect(inputs["parameters"]).to.deep.include({
      ...{ name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" },
    });
  });

  it("is never restarted for maintenance at the time of the peer's", async () => {
    const home = (await journalOf("prd")).one(INSTANCE).inputs["maintenanceWindow"];
    const peer = (await journalOf("dr")).one(INSTANCE).inputs["maintenanceWindow"];
    expect(home).to.be.a("string").and.not.equal(peer);
  });
});
