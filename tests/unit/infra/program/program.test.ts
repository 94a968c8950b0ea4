import { cellOutputs, homeOutputs } from "@castle/dr-runbooks/stack/outputs.ts";
import { witnessRegion } from "@castle/regions/catalogue.ts";
import { expect } from "chai";
import type { Recorded } from "../support/recorded.ts";
import { type RecordedStack, recordStack } from "./recorded-stack.ts";
import { afterAHandover, proposals } from "./role-change.ts";

const stacks = ["prd", "dr", "stg", "qac", "dev"] as const;
const recorded = new Map<string, RecordedStack>();
const of = (stack: (typeof stacks)[number]): RecordedStack => {
  const found = recorded.get(stack);
  if (!found) throw new Error(`${stack} was not recorded`);
  return found;
};

before(async () => {
  for (const stack of stacks) recorded.set(stack, await recordStack(stack));
});

describe("the program of each stack", () => {
  for (const stack of stacks)
    it(`leaves nothing of ${stack} to a default provider`, () => {
      const left = of(stack).all.filter(
        (each) => made(each) && !each.provider && !each.type.startsWith("awsx:"),
      );
      expect(left.filter(({ type }) => !type.startsWith("eks:")).map(name)).to.deep.equal([]);
    });

  it("talks to its own region, the witness's and the accelerator's; and for CloudFront's own to us-east-1", () => {
    expect(regionsOf(of("dr"))).to.deep.equal(["eu-central-1", "us-west-2"]);
    expect(regionsOf(of("prd"))).to.deep.equal(["eu-west-1", witnessRegion, "us-east-1", "us-west-2"]);
  });

  it("builds the peer's stack without asking the home's", () => {
    expect(of("dr").ofType("pulumi:pulumi:StackReference")).to.deep.equal([]);
    expect(JSON.stringify(of("dr").all.map(({ provider }) => provider))).not.to.include("eu-west-1");
  });

  it("tells the runbooks what they go by, in both cells of production", () => {
    expect(homeOutputs.safeParse(of("prd").outputs).error?.issues ?? []).to.deep.equal([]);
    expect(cellOutputs.safeParse(of("dr").outputs).error?.issues ?? []).to.deep.equal([]);
  });
});

describe("a change of roles", () => {
  for (const stack of ["prd", "dr"] as const)
    it(`leaves ${stack} nothing to propose: no replacement, no revert, no promotion, no detachment`, () => {
      expect(of(stack).all.flatMap(proposals)).to.deep.equal([]);
    });

  it("touches something in every stack that this looks at", () => {
    for (const { type, only } of afterAHandover)
      for (const stack of only ?? (["prd", "dr"] as const))
        expect(of(stack).ofType(type), type).not.to.be.empty;
  });

  it("would be undone by a program that ignores nothing", () => {
    const careless = of("prd").all.map((each) => ({ ...each, ignoreChanges: [] }));
    expect(careless.flatMap(proposals)).to.include.members([
      "elasticache.GlobalReplicationGroup global-cache would revert primaryReplicationGroupId",
      "globalaccelerator.EndpointGroup cell-edge would revert endpointConfigurations",
    ]);
  });
});

const name = ({ type, name: logical }: Recorded): string => `${type} ${logical}`;
const made = ({ type }: Recorded): boolean => !type.startsWith("castle:") && !type.startsWith("pulumi:");

const regionsOf = ({ ofType }: RecordedStack): unknown[] =>
  ofType("pulumi:providers:aws")
    .map(({ inputs }) => inputs["region"])
    .sort();
