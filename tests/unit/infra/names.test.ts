import { expect } from "chai";
import { contextOf } from "./support/cell-context.ts";

describe("physical names", () => {
  it("of both cells of one platform are the same, but for buckets, which are unique in the world", () => {
    const { names: home } = contextOf("prd");
    const { names: peer } = contextOf("dr");
    for (const name of ["globalDatabase", "witnessTable", "cluster"] as const)
      expect(home[name]).to.equal(peer[name]);
    expect(home.secret("services", "seal-key")).to.equal(peer.secret("services", "seal-key"));
    expect(home.bucket("logs", "eu-west-1")).to.equal(peer.bucket("logs", "eu-west-1"));
    expect(home.bucket("logs", "eu-west-1")).not.to.equal(home.bucket("logs", "eu-central-1"));
  });

  it("of environments that share an account and a region never meet", () => {
    const all = ["stg", "qac", "dev"].flatMap((stack) => {
      const { names } = contextOf(stack);
      return [
        names.secret("services", "seal-key"),
        names.secret("operator", "database"),
        names.repository("order-gateway"),
        names.bucket("evidence", "eu-west-1"),
        names.cluster,
        names.witnessTable,
      ];
    });
    expect(new Set(all)).to.have.lengthOf(all.length);
  });

  it("of buckets are as S3 takes them, however long the environment's name is", () => {
    const { names } = contextOf("prd");
    for (const kind of ["frontend", "archive", "evidence", "logs"] as const)
      expect(names.bucket(kind, "eu-central-1")).to.match(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
  });

  it("of what runbooks use stand where the operator's policy reaches", () => {
    expect(contextOf("prd").names.secret("operator", "database")).to.match(/^castle\/operator\/[\w+=.@/-]+$/);
  });
});
