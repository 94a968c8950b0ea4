import { quotaServices } from "@castle/lab/aws/service-quotas/quotas.ts";
import { labNeeds } from "@castle/lab/cells/lab-needs.ts";
import { expect } from "chai";

describe("the lab's quotas", () => {
  it("go by codes of AWS's form, each once", () => {
    const codes = Object.values(quotaServices).flatMap(({ quotas }) => quotas.map(({ code }) => code));
    for (const code of codes) expect(code).to.match(/^L-[0-9A-F]{8}$/);
    expect(new Set(codes).size).to.equal(codes.length);
  });

  it("suffice for what the lab's own target asks of them", () => {
    expect(labNeeds.quotas).not.to.have.length(0);
    for (const { serviceCode, quotaCode, least } of labNeeds.quotas) {
      const found = quotaServices[serviceCode]?.quotas.find(({ code }) => code === quotaCode);
      expect(found?.value, `${serviceCode} ${quotaCode}`).to.be.at.least(least);
      expect(least).to.be.at.least(1);
    }
  });
});
