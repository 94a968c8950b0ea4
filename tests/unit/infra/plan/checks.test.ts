import { circleFindings } from "@castle/infra/plan/checks/circles.ts";
import { nameFindings } from "@castle/infra/plan/checks/names.ts";
import { providerFindings } from "@castle/infra/plan/checks/providers.ts";
import { expect } from "chai";
import { TestStack } from "./graphs.ts";

const messages = (findings: readonly { readonly message: string }[]): string[] =>
  findings.map(({ message }) => message);

describe("a plan's check of names", () => {
  it("finds a logical name given twice in one place, and none in two places", () => {
    const stack = new TestStack();
    const cell = stack.add({ type: "castle:cell:Cell", name: "cell", kind: "component" });
    stack.add({ type: "aws:sns/topic:Topic", name: "alarms" });
    stack.add({ type: "aws:sns/topic:Topic", name: "alarms", parent: cell });
    expect(nameFindings([stack.graph()])).to.deep.equal([]);
    stack.add({ type: "aws:sns/topic:Topic", name: "alarms", parent: cell });
    expect(messages(nameFindings([stack.graph()]))).to.deep.equal([
      '2 resources of type aws:sns/topic:Topic are named "alarms" in the same place: give each its own logical name',
    ]);
  });

  it("finds a physical name given twice in a region, and none in two regions", () => {
    const stack = new TestStack();
    const here = { provider: stack.provider("eu-west-1").urn };
    const there = { provider: stack.provider("us-east-1", "front").urn };
    const inputs = { name: "castle-alarms" };
    stack.add({ type: "aws:sns/topic:Topic", name: "one", inputs, options: here });
    stack.add({ type: "aws:sns/topic:Topic", name: "two", inputs, options: there });
    expect(nameFindings([stack.graph()])).to.deep.equal([]);
    stack.add({ type: "aws:sns/topic:Topic", name: "three", inputs, options: here });
    expect(messages(nameFindings([stack.graph()]))[0]).to.match(
      /^the physical name castle-alarms is given 2 times \(one of prd, three of prd\)/,
    );
  });

  it("finds a name that both stacks give where AWS knows no regions, or both ask one region", () => {
    const [prd, dr] = [new TestStack("prd"), new TestStack("dr")];
    for (const [stack, region] of [
      [prd, "eu-west-1"],
      [dr, "eu-central-1"],
    ] as const) {
      const cell = stack.provider(region).urn;
      const accelerator = stack.provider("us-west-2", "accelerator").urn;
      stack.add({
        type: "aws:iam/role:Role",
        name: "nodes",
        inputs: { name: "castle-nodes" },
        options: { provider: cell },
      });
      stack.add({
        type: "aws:rds/cluster:Cluster",
        name: "database",
        inputs: { clusterIdentifier: "castle" },
        options: { provider: cell },
      });
      stack.add({
        type: "aws:cloudwatch/logGroup:LogGroup",
        name: "flow",
        inputs: { name: "flow" },
        options: { provider: accelerator },
      });
    }
    expect(
      messages(nameFindings([prd.graph(), dr.graph()])).map((message) => message.split(" ")[3]),
    ).to.deep.equal(["castle-nodes", "flow"]);
  });

  it("tells objects of a cluster apart by namespace", () => {
    const stack = new TestStack();
    const type = "kubernetes:core/v1:Service";
    stack.add({ type, name: "a", inputs: { metadata: { name: "gateway", namespace: "castle" } } });
    stack.add({ type, name: "b", inputs: { metadata: { name: "gateway", namespace: "other" } } });
    expect(nameFindings([stack.graph()])).to.deep.equal([]);
    stack.add({ type, name: "c", inputs: { metadata: { name: "gateway", namespace: "castle" } } });
    expect(nameFindings([stack.graph()])).to.have.length(1);
  });
});

describe("a plan's check of circles", () => {
  const thing = { type: "test:index:Thing" };

  it("finds none where two wait for the same third", () => {
    const stack = new TestStack();
    const third = stack.add({ ...thing, name: "third" });
    const second = stack.add({ ...thing, name: "second", options: { dependencies: [third.urn] } });
    stack.add({ ...thing, name: "first", options: { dependencies: [second.urn, third.urn] } });
    expect(circleFindings(stack.graph())).to.deep.equal([]);
  });

  it("tells a circle through dependencies and properties, once", () => {
    const stack = new TestStack();
    const urn = (name: string) => `urn:pulumi:prd::castle::test:index:Thing::${name}`;
    stack.add({ ...thing, name: "a", options: { dependencies: [urn("b")] } });
    stack.add({ ...thing, name: "b", options: { propertyDependencies: { needs: [urn("c")] } } });
    stack.add({ ...thing, name: "c", options: { dependencies: [urn("a")] } });
    expect(messages(circleFindings(stack.graph()))).to.deep.equal([
      "a → b → c → a: each waits for the next, and so none can be made; take one dependency out",
    ]);
  });

  it("finds a component that waits for what is in it", () => {
    const stack = new TestStack();
    const inner = "urn:pulumi:prd::castle::castle:cell:Cell$test:index:Thing::inner";
    const cell = stack.add({
      type: "castle:cell:Cell",
      name: "cell",
      kind: "component",
      options: { dependencies: [inner] },
    });
    stack.add({ ...thing, name: "inner", parent: cell });
    expect(circleFindings(stack.graph())).to.have.length(1);
  });
});

describe("a plan's check of providers", () => {
  it("finds a resource that a default provider would be asked for", () => {
    const stack = new TestStack();
    const provider = stack.provider("eu-west-1").urn;
    stack.add({ type: "aws:sns/topic:Topic", name: "good", options: { provider } });
    expect(providerFindings(stack.graph())).to.deep.equal([]);
    stack.add({ type: "aws:sns/topic:Topic", name: "bad" });
    expect(messages(providerFindings(stack.graph()))[0]).to.match(/^no explicit provider/);
  });

  it("asks a plugin's component for the provider its children need", () => {
    const stack = new TestStack();
    const aws = stack.provider("eu-west-1").urn;
    stack.add({ type: "eks:index:Cluster", name: "good", kind: "remote", options: { providers: { aws } } });
    expect(providerFindings(stack.graph())).to.deep.equal([]);
    stack.add({ type: "awsx:ec2:Vpc", name: "bad", kind: "remote", options: { providers: { awsx: aws } } });
    expect(messages(providerFindings(stack.graph()))[0]).to.match(
      /^no explicit aws provider for its children/,
    );
  });

  it("wants an AWS provider's region in plain text", () => {
    const stack = new TestStack();
    stack.add({
      type: "pulumi:providers:aws",
      name: "cell",
      kind: "provider",
      inputs: { region: { $unknown: true } },
    });
    expect(messages(providerFindings(stack.graph()))[0]).to.match(/without a region/);
  });
});
