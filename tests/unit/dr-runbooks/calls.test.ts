import { readWitness } from "@castle/dr-runbooks/aws/calls.ts";
import { stepsOf } from "@castle/dr-runbooks/engine/runbook.ts";
import type { Step } from "@castle/dr-runbooks/engine/step.ts";
import { catalogue } from "@castle/dr-runbooks/runbooks/catalogue.ts";
import { seconds } from "@castle/regions/duration.ts";
import { expect } from "chai";
import { servicesReached } from "./calls-watched.ts";

const missing = async (step: Step<never>): Promise<string[]> => {
  const told = new Set((step.calls ?? []).map(({ service }) => service));
  return [...(await servicesReached(step))].filter((service) => !told.has(service));
};

describe("what a runbook tells about its steps", () => {
  for (const { runbook } of catalogue)
    for (const step of stepsOf(runbook)) {
      it(`${runbook.name}, ${step.name}: what a failure means, and what to do then`, () => {
        const { ifItFails } = step;
        expect(ifItFails?.means).to.match(/^[A-Z].*\.$/);
        expect(ifItFails?.then).to.be.an("array").that.is.not.empty;
        for (const sentence of ifItFails?.then ?? []) expect(sentence).to.match(/^[A-Z][a-z]+ .*\.$/);
      });

      it(`${runbook.name}, ${step.name}: every service of AWS that it reaches for`, async () => {
        expect(await missing(step)).to.deep.equal([]);
      });
    }

  it("is found out when a step keeps a service to itself", async () => {
    const silent: Step<{ to: { endpoint: { weight(): Promise<number> } } }> = {
      name: "silent",
      purpose: "Ask the accelerator, and tell nobody.",
      timeout: seconds(1),
      calls: [readWitness],
      run: async ({ to }) => ({ weight: await to.endpoint.weight() }),
    };
    expect(await missing(silent as Step<never>)).to.deep.equal(["globalaccelerator"]);
  });
});
