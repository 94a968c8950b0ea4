import { agreesAhead, requireUnattended } from "@castle/dr-runbooks/approvals/ahead.ts";
import type { Asked } from "@castle/dr-runbooks/engine/approval.ts";
import { approvalsOf } from "@castle/dr-runbooks/engine/runbook.ts";
import { catalogue } from "@castle/dr-runbooks/runbooks/catalogue.ts";
import { failover } from "@castle/dr-runbooks/runbooks/failover.ts";
import { expect } from "chai";

const lab = { kind: "lab", name: "lab" } as const;
const aws = { kind: "aws", name: "prd" } as const;

describe("agreeing ahead (--yes)", () => {
  for (const { runbook, unattended } of catalogue) {
    it(`is allowed for the ${runbook.name} of a lab`, () => requireUnattended(runbook.name, lab));

    it(`is ${unattended.anywhere ? "allowed" : "refused"} for the ${runbook.name} of anything else`, () => {
      const outcome = expect(() => requireUnattended(runbook.name, aws));
      if (unattended.anywhere) outcome.not.to.throw();
      else
        outcome.to
          .throw(`${runbook.name} of prd is not run with --yes`)
          .with.property("name", "SomebodyMustAgree");
    });
  }

  it("is refused for a runbook that nobody has thought about", () => {
    expect(() => requireUnattended("unheard-of", aws)).to.throw("is not run with --yes");
  });

  it("consents to loss, and does not end a hold that somebody asked for", async () => {
    const approver = agreesAhead("failover", lab);
    const answers = approvalsOf(failover).map(({ name, ahead }) => {
      const asking = { signal: new AbortController().signal, refuse: async () => undefined };
      const asked = { approval: name, ahead } as Asked;
      return [name, approver(asked, { ...asking, known: new Set(), outdated: new Set() }) !== null];
    });
    expect(Object.fromEntries(answers)).to.deep.equal({
      "consent-to-loss": true,
      "consent-past-the-fence": true,
      "hold-before-open": false,
    });
  });
});
