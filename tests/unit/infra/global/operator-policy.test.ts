import { cellRegions, homeRegion, peerRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import { OperatorPolicy } from "../../../../infra/global/operators/operator-policy.ts";
import {
  filled,
  LARGEST,
  packed,
  placeholdersIn,
  runbooksStatements,
} from "../../../../infra/global/operators/runbooks-policy.ts";
import type { Statement } from "../../../../infra/policy-document.ts";
import { contextOf } from "../support/cell-context.ts";
import { keys } from "../support/parts-of-tests.ts";
import { type Recording, record } from "../support/recorded.ts";

const LISTENER = "arn:aws:globalaccelerator::111122223333:accelerator/0a1b/listener/0c2d";
const statement = (Sid: string, resource: string): Statement => ({
  ...{ Sid, Effect: "Allow", Action: ["s3:GetObject"], Resource: [resource] },
});

describe("the operators' policy", () => {
  const operators = ["castle-operator", "people/on-call"].map(
    (role) => `arn:aws:iam::111122223333:role/${role}`,
  );
  const context = contextOf("prd", (settings) => ({ ...settings, operators }));
  let recording: Recording;
  let documents: string[];
  const statements = (): Statement[] => documents.flatMap((document) => JSON.parse(document).Statement);
  const resourcesOf = (sid: string): readonly string[] =>
    statements().find(({ Sid }) => Sid === sid)?.Resource ?? [];

  before(async () => {
    recording = await record(
      () =>
        new OperatorPolicy("operators", {
          context,
          clusterIdentifier: "castle-production-database",
          ...keys,
          globalReplicationGroupId: "dtzvr-castle-production",
          listenerArn: LISTENER,
        }),
    );
    documents = recording.ofType("aws:iam/policy:Policy").map(({ inputs }) => inputs["policy"] as string);
  });

  it("lets operators do everything that the runbooks call, and use the keys, and nothing else", () => {
    const actions = (all: readonly Statement[]) => all.flatMap(({ Action }) => Action).sort();
    expect(actions(statements())).to.deep.equal(
      [...actions(runbooksStatements()), "kms:Decrypt", "kms:GenerateDataKey"].sort(),
    );
  });

  it("leaves no placeholder, and takes no more characters than IAM does", () => {
    for (const document of documents) {
      expect([...placeholdersIn(document)]).to.deep.equal([]);
      expect(document.length).to.be.at.most(LARGEST);
    }
  });

  it("names this platform's own things", () => {
    expect(resourcesOf("MoveTheGlobalDatabase")).to.deep.equal([
      "arn:aws:rds::111122223333:global-cluster:castle-production",
      ...cellRegions.map((region) => `arn:aws:rds:${region}:111122223333:cluster:castle-production-database`),
    ]);
    expect(resourcesOf("AskTheWitness")).to.deep.equal([
      "arn:aws:dynamodb:eu-west-3:111122223333:table/castle-production-witness",
    ]);
    expect(resourcesOf("SeeTheEvidence")).to.deep.equal(
      cellRegions.map((region) => `arn:aws:s3:::castle-production-evidence-${region}-111122223333`),
    );
    expect(resourcesOf("TellEveryone")).to.include(
      `arn:aws:sns:${peerRegion}:111122223333:castle-production-notices`,
    );
    expect(new Set(resourcesOf("WeighTheEndpoints"))).to.deep.equal(
      new Set([`${LISTENER}/endpoint-group/*`]),
    );
    expect(resourcesOf("MoveTheGlobalDatastore")).to.deep.equal([
      "arn:aws:elasticache::111122223333:globalreplicationgroup:dtzvr-castle-production",
    ]);
  });

  it("opens what is encrypted with the cells' keys, in both regions, by way of the services that hold it alone", () => {
    const found = statements().find(({ Sid }) => Sid === "UseTheCellsKeys");
    expect(found?.Resource).to.deep.equal([keys.keyArn, keys.keyArn.replace(homeRegion, peerRegion)]);
    expect(found?.Condition?.["StringEquals"]?.["kms:ViaService"]).to.include.members(
      cellRegions.map((region) => `secretsmanager.${region}.amazonaws.com`),
    );
  });

  it("is attached, all of it, to every operator's role by its name", () => {
    const attached = recording
      .ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
      .map(({ inputs }) => inputs["role"]);
    expect(attached).to.have.members(documents.flatMap(() => ["castle-operator", "on-call"]));
  });

  it("allows every resource only where IAM narrows an action to none", () => {
    const wide = statements().filter(({ Resource }) => Resource.includes("*"));
    expect(wide.map(({ Sid }) => Sid).sort()).to.deep.equal([
      ...["AskWhoActs", "SeeTheAlarms", "SeeTheCertificates", "SeeTheMetrics", "SeeTheQuotas"],
    ]);
  });
});

describe("a policy with placeholders", () => {
  it("is refused over a placeholder that nobody fills, or fills with nothing", () => {
    const asks = statement("Ask", "arn:aws:s3:::$" + "{Bucket}/$" + "{aws:username}");
    expect(() => filled(asks, { Bucket: "mine" })).to.throw(
      /Ask: nothing is known to fill \$\{aws:username\}/,
    );
    expect(() => filled(asks, { Bucket: "", "aws:username": "x" })).to.throw(/\$\{Bucket\}/);
    expect(filled(asks, { Bucket: "mine", "aws:username": "x" }).Resource).to.deep.equal([
      "arn:aws:s3:::mine/x",
    ]);
  });

  it("is split where IAM would not take it whole, and loses no statement", () => {
    const many = Array.from({ length: 9 }, (_, n) => statement(`S${n}`, "r".repeat(2_000)));
    const split = packed(many);
    expect(split.map((document) => JSON.parse(document).Statement.length)).to.deep.equal([2, 2, 2, 2, 1]);
    expect(split.flatMap((document) => JSON.parse(document).Statement)).to.deep.equal(many);
    expect(() => packed([statement("Huge", "r".repeat(LARGEST))])).to.throw(/Huge alone has/);
  });
});
