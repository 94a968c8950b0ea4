import { setImmediate as turn } from "node:timers/promises";
import type { At } from "@castle/dr-runbooks/engine/step.ts";
import type { Operation } from "@castle/dr-runbooks/runbooks/operations/operation.ts";
import { rejoinCheck } from "@castle/dr-runbooks/steps/rejoin-check.ts";
import { epoch } from "@castle/regions/epoch.ts";
import { expect } from "chai";

/** A cell whose journal starts up while its database answers slowly: it refuses once, before the database has answered. */
function cellStartingUp(): Operation {
  let looks = 0;
  const refusal = Object.assign(new Error("the database system is starting up"), { code: "57P03" });
  const operation = {
    plan: { kind: "rejoin", region: "eu-west-1", epoch: epoch(2) },
    witness: { read: async () => ({ epoch: epoch(2), activeRegion: "eu-central-1" }) },
    active: { region: "eu-central-1" },
    cell: {
      region: "eu-west-1",
      cell: {
        database: { isWriter: () => turn().then(() => turn(false)) },
        journal: { epoch: async () => (looks++ === 0 ? Promise.reject(refusal) : epoch(2)) },
        cache: { connected: async () => undefined },
      },
    },
    stop: new AbortController().signal,
  };
  return operation as unknown as Operation;
}

describe("the check before a rejoin", () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  before(() => process.on("unhandledRejection", note));
  after(() => process.off("unhandledRejection", note));

  it("waits for a server that refuses while another one has yet to answer", async () => {
    const awaited: unknown[] = [];
    const at: At = { signal: new AbortController().signal, note: (finding) => awaited.push(finding) };
    await rejoinCheck.run(cellStartingUp(), at);
    expect(awaited).to.deep.equal([
      "the journal in eu-west-1 does not answer (the database system is starting up)",
    ]);
    expect(unhandled, "a rejection that nobody hears ends the process").to.deep.equal([]);
  });
});
