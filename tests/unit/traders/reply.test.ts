import { type Attempt, type Conclusion, conclude, type Reply } from "@castle/lab/traders/reply.ts";
import { expect } from "chai";

const reply = (status: number, body: string): Reply => ({ status, body, region: "eu-west-1", epoch: 3 });
const answered = (status: number, code?: number): Attempt => ({
  kind: "answered",
  reply: reply(status, code === undefined ? "<html>" : JSON.stringify({ code, msg: "said so" })),
});

const cases: readonly [string, Attempt, Conclusion["kind"]][] = [
  ["200", answered(200), "done"],
  ["503 -1001: this cell does not accept", answered(503, -1001), "not-executed"],
  ["503 -1006: execution unknown", answered(503, -1006), "unknown"],
  ["503 of somebody in between", answered(503), "unknown"],
  ["504 -1007: durable, its result late", answered(504, -1007), "accepted"],
  ["504 of somebody in between", answered(504), "unknown"],
  ["429", answered(429, -1003), "not-executed"],
  ["418", answered(418, -1003), "not-executed"],
  ["400 -2010", answered(400, -2010), "refused"],
  ["401 -2015", answered(401, -2015), "refused"],
  ["400 without a code", answered(400), "unknown"],
  ["500 -1000", answered(500, -1000), "unknown"],
  ["a connection that broke", { kind: "unanswered", because: "ECONNRESET" }, "unknown"],
  ["a request that never left", { kind: "not-sent", because: "ECONNREFUSED" }, "not-executed"],
];

describe("what a trader concludes", () => {
  for (const [what, attempt, kind] of cases)
    it(`from ${what}: ${kind}`, () => {
      expect(conclude(attempt).kind).to.equal(kind);
    });

  it("keeps the code of a refusal", () => {
    expect(conclude(answered(400, -2011))).to.include({ kind: "refused", code: -2011 });
  });
});
