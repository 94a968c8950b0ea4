import { readSettings } from "@castle/infra/settings/settings.ts";
import { ownConfig, stackConfig } from "@castle/infra/settings/stack-file.ts";
import { meantBy } from "@castle/policies/hidden-single-point/naming/to-the-peer.ts";
import { noEndpointOfTheOtherRegion } from "@castle/policies/hidden-single-point/no-endpoint-of-the-other-region.ts";
import { judgeStack } from "@castle/policies/judge.ts";
import { Resource, type ResourceFacts } from "@castle/policies/judged/resource.ts";
import { expect } from "chai";

const production = readSettings("prd", ownConfig(stackConfig("prd")));

const deployment = (value: string): ResourceFacts => ({
  type: "kubernetes:apps/v1:Deployment",
  name: "cell-order-gateway",
  urn: "urn:pulumi:example::castle::kubernetes:apps/v1:Deployment::cell-order-gateway",
  props: {
    spec: { template: { spec: { containers: [{ env: [{ name: "ONE" }, { name: "URL", value }] }] } } },
  },
  protect: false,
  ignoreChanges: [],
  parent: null,
  dependencies: [],
  provider: null,
});

const url = (host: string, database: string): string =>
  `postgres://castle:$(PASSWORD)@${host}.c0ffee000002.eu-central-1.rds.amazonaws.com:5432/${database}?sslmode=verify-full`;

const found = (value: string) =>
  judgeStack(noEndpointOfTheOtherRegion, [deployment(value)], production).violations;

describe("what may name the peer's region", () => {
  it("is the peer's journal, wherever it stands in the list", () => {
    expect(found(url("castle-production-journal", "journal"))).to.deep.equal([]);
  });

  it("is not the peer's database in the same variable", () => {
    expect(found(url("castle-production-database", "castle"))).not.to.be.empty;
  });

  it("is not a journal's name with another host before it", () => {
    const hidden = `postgres://a@db.eu-central-1.rds.amazonaws.com/${url("castle-journal", "journal")}`;
    expect(found(hidden)).not.to.be.empty;
  });

  it("is meant of one type and one property alone", () => {
    const resource = new Resource({ ...deployment(""), type: "aws:kms/replicaKey:ReplicaKey" });
    expect(meantBy(resource, "primaryKeyArn", "any")?.reason).to.be.a("string");
    expect(meantBy(resource, "policy", "any")).to.equal(undefined);
  });
});
