import { join } from "node:path";
import { type ListedApprover, makeApproverKey } from "@castle/dr-runbooks/approvals/approver-key.ts";
import { approverMistake } from "@castle/dr-runbooks/approvals/recorded.ts";
import { signed } from "@castle/dr-runbooks/approvals/signed-file.ts";
import { digestOf } from "@castle/dr-runbooks/engine/approval.ts";
import type { ExecutionEvent } from "@castle/dr-runbooks/engine/event.ts";
import { ExecutionRecord } from "@castle/dr-runbooks/engine/record.ts";
import { readSigningKey } from "@castle/dr-runbooks/evidence/signing-key.ts";
import { expect } from "chai";
import { scratchFolder } from "../engine/scratch.ts";
import { started } from "../engine/world.ts";
import { verified } from "./recorded.ts";

/** Written by whoever has the key, so that the chain holds: what no runner writes is told all the same. */
describe("approvals in a record", () => {
  const folder = scratchFolder();
  const by = { user: "ada", host: "console", pid: 7 };
  const what = { execution: started.id, approval: "hold", figures: ["3 are missing"], measuredAt: 5 };
  const digest = digestOf(what);
  const asked = (change: object = {}): ExecutionEvent => ({
    ...{
      kind: "approval-asked",
      at: 6,
      approval: "hold",
      purpose: "Go on.",
      measuredAt: 5,
      until: 9,
      digest,
    },
    ...{ figures: what.figures, ...change },
  });
  const given = (change: object = {}): ExecutionEvent => ({
    ...{ kind: "approval-given", at: 7, approval: "hold", how: "terminal", by, until: 9, digest },
    ...{ figures: what.figures, ...change },
  });

  async function problemsWith(
    approvers: readonly ListedApprover[],
    ...events: ExecutionEvent[]
  ): Promise<string[]> {
    const record = await ExecutionRecord.create(folder(), started);
    for (const event of events) await record.append(event, { durable: true });
    await record.close();
    const { problems: found } = await verified(folder(), { mistakeIn: approverMistake([...approvers]) });
    return found.map((problem) => `${problem.line}: ${problem.what}`);
  }
  const problems = (...events: ExecutionEvent[]): Promise<string[]> => problemsWith([], ...events);

  it("are as they were written when an answer follows its question", async () => {
    expect(await problems(asked(), given())).to.deep.equal([]);
  });

  it("are found out when something was approved that nobody asked", async () => {
    expect(await problems(given())).to.deep.equal(["2: approves what nobody asked"]);
  });

  it("are found out when the figures are others than those that were asked about", async () => {
    const told = await problems(asked({ figures: ["nothing is missing"] }), given());
    expect(told).to.deep.equal(["2: asks about other figures than its digest"]);
  });

  describe("by a signed file", () => {
    const signedBy = async (name: string) => {
      const file = join(folder(), `${name}.pem`);
      const { fingerprint: key, ...listed } = await makeApproverKey(file, name);
      const statement = { execution: started.id, approval: "hold", digest, at: 7, approver: name, by, key };
      const { signature } = signed(statement, await readSigningKey(file));
      const event = given({ how: "file", approver: name, key, signedAt: 7, signature, file: "1.json" });
      return { listed, event };
    };

    it("stand when an approver signed just that", async () => {
      const { listed, event } = await signedBy("grace");
      expect(await problemsWith([listed], asked(), event)).to.deep.equal([]);
    });

    it("are found out when the key is none of the approvers'", async () => {
      const [grace, eve] = [await signedBy("grace"), await signedBy("eve")];
      expect(String(await problemsWith([grace.listed], asked(), eve.event))).to.match(
        /none of the approvers'/,
      );
    });

    for (const [what, change] of [
      ["another person", { by: { user: "eve", host: "console", pid: 7 } }],
      ["another time", { signedAt: 8 }],
      ["another reason", { because: "it was late" }],
    ] as const)
      it(`are found out when ${what} is told than was signed`, async () => {
        const { listed, event } = await signedBy("grace");
        const altered = { ...event, ...change } as ExecutionEvent;
        expect(String(await problemsWith([listed], asked(), altered))).to.match(
          /is not what the approver signed/,
        );
      });

    it("are found out without their signature", async () => {
      const { listed, event } = await signedBy("grace");
      const { signature: _, ...bare } = event as ExecutionEvent & { signature?: string };
      expect(String(await problemsWith([listed], asked(), bare as ExecutionEvent))).to.match(
        /without its signature/,
      );
    });
  });
});
