import { isTransient } from "@castle/dr-runbooks/engine/transient.ts";
import { expect } from "chai";

const withCode = (code: string, message = code): Error => Object.assign(new Error(message), { code });
const named = (name: string): Error => Object.assign(new Error(name), { name });

describe("errors that pass by themselves", () => {
  const passing: [string, unknown][] = [
    ["a refused connection", withCode("ECONNREFUSED")],
    ["one refused on every address", new AggregateError([withCode("ECONNREFUSED")])],
    ["a PostgreSQL that starts up", withCode("57P03", "the database system is starting up")],
    ["a reader that is yet to be promoted", withCode("25006")],
    ["a connection lost in the middle", new Error("Connection terminated unexpectedly")],
    ["a full pool", named("KnexTimeoutError")],
    ["a Redis that is a replica still", new Error("READONLY You can't write against a read only replica.")],
    [
      "a Redis not connected yet",
      new Error("Stream isn't writeable and enableOfflineQueue options is false"),
    ],
    ["a witness out of reach", named("WitnessUnreachable")],
    ["a throttled call", named("ThrottlingException")],
    ["a failing control plane", Object.assign(new Error("oops"), { $metadata: { httpStatusCode: 503 } })],
  ];
  for (const [what, error] of passing) it(`are: ${what}`, () => expect(isTransient(error)).to.equal(true));

  const lasting: [string, unknown][] = [
    ["a stale epoch", withCode("CS001")],
    ["a missing column", withCode("42703")],
    ["a refusal of the witness", named("WitnessRefused")],
    ["a call without permission", Object.assign(new Error("no"), { $metadata: { httpStatusCode: 403 } })],
    ["a plain mistake", new Error("undefined is not a function")],
    ["what is no error", "ECONNREFUSED"],
  ];
  for (const [what, error] of lasting)
    it(`are not: ${what}`, () => expect(isTransient(error)).to.equal(false));
});
