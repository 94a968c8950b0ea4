import { COMPARED } from "@castle/dr-runbooks/readiness/checks/database-parity.ts";
import { expect } from "chai";
import {
  clusterParameters,
  journalParameters,
  type Parameter,
} from "../../../../infra/cell/database/parameters.ts";

const named = (parameters: readonly Parameter[], name: string) =>
  parameters.find((parameter) => parameter.name === name)?.value;

describe("the parameters of PostgreSQL", () => {
  for (const [store, parameters] of [
    ["database", clusterParameters],
    ["journal", journalParameters],
  ] as const) {
    it(`force TLS 1.2 and durable commits in the ${store}`, () => {
      expect(named(parameters, "rds.force_ssl")).to.equal("1");
      expect(named(parameters, "ssl_min_protocol_version")).to.equal("TLSv1.2");
      expect(named(parameters, "synchronous_commit")).to.equal("on");
    });

    it(`let no value of a statement into the ${store}'s log`, () => {
      expect(named(parameters, "log_statement")).to.equal("none");
      expect(named(parameters, "log_parameter_max_length")).to.equal("0");
    });

    it(`name each parameter of the ${store} once`, () => {
      expect(new Set(parameters.map(({ name }) => name)).size).to.equal(parameters.length);
    });
  }

  it("never let the writer wait for the peer's storage: that is the journal's part", () => {
    expect(named(clusterParameters, "rds.global_db_rpo")).to.equal(undefined);
  });

  it("agree between database and journal in all that readiness compares", () => {
    for (const name of COMPARED)
      expect(named(clusterParameters, name)).to.equal(named(journalParameters, name));
  });
});
