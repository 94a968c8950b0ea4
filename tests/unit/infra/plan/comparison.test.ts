import type { Allowance } from "@castle/infra/plan/compare/allowance.ts";
import { type Comparison, compare } from "@castle/infra/plan/compare/compare.ts";
import { factsOf } from "@castle/infra/plan/compare/facts.ts";
import { pathsOf } from "@castle/infra/plan/compare/paths.ts";
import type { Properties } from "@castle/infra/plan/graph/value.ts";
import { readSettings } from "@castle/infra/settings/settings.ts";
import { ownConfig, stackConfig } from "@castle/infra/settings/stack-file.ts";
import { expect } from "chai";
import { type Asked, TestStack } from "./graphs.ts";

const facts = (stack: string) => factsOf(readSettings(stack, ownConfig(stackConfig(stack))));
const [homeFacts, peerFacts] = [facts("prd"), facts("dr")];

interface Sides {
  readonly home: Properties;
  readonly peer: Properties;
  readonly homeOptions?: Asked["options"];
  readonly peerOptions?: Asked["options"];
}

const type = "aws:sns/topic:Topic";

/** One topic in the cell of each stack, with these inputs. */
function compared(
  { home, peer, homeOptions, peerOptions }: Sides,
  allowances: readonly Allowance[] = [],
): Comparison {
  const cellWith = (name: string, inputs: Properties, options: Asked["options"]) => {
    const stack = new TestStack(name);
    const cell = stack.add({ type: "castle:cell:Cell", name: "cell", kind: "component" });
    stack.add({ type, name: "cell-alarms", parent: cell, inputs, ...(options ? { options } : {}) });
    return stack.graph();
  };
  return compare(
    { graph: cellWith("prd", home, homeOptions), facts: homeFacts },
    { graph: cellWith("dr", peer, peerOptions), facts: peerFacts },
    allowances,
  );
}

const PLACE = `Cell/alarms ${type}`;

describe("the comparison of the two cells", () => {
  it("finds nothing where they are the same", () => {
    const { unexplained, unused, resources } = compared({ home: { a: 1 }, peer: { a: 1 } });
    expect({ unexplained, unused, resources }).to.deep.equal({ unexplained: [], unused: [], resources: 2 });
  });

  it("tells a property that differs by its place and path, with both values", () => {
    expect(compared({ home: { size: { max: 3 } }, peer: { size: { max: 2 } } }).unexplained).to.deep.equal([
      { resource: PLACE, property: "inputs.size.max", home: "3", peer: "2" },
    ]);
  });

  it("takes what each tells of its own side for the same", () => {
    const { unexplained, byFact } = compared({
      home: {
        arn: "arn:aws:rds:eu-west-1:1:db",
        zone: "eu-west-1a",
        range: "10.10.64.0/20",
        other: "10.20.0.0/16",
        stack: "prd",
      },
      peer: {
        arn: "arn:aws:rds:eu-central-1:1:db",
        zone: "eu-central-1a",
        range: "10.20.64.0/20",
        other: "10.10.0.0/16",
        stack: "dr",
      },
    });
    expect(unexplained).to.deep.equal([]);
    expect(byFact).to.deep.equal({
      "own region": 2,
      "own address range": 1,
      "peer address range": 1,
      "own stack": 1,
    });
  });

  it("finds a cell that names the other's region for its own", () => {
    const { unexplained } = compared({ home: { region: "eu-west-1" }, peer: { region: "eu-west-1" } });
    expect(unexplained.map(({ property }) => property)).to.deep.equal(["inputs.region"]);
  });

  it("does not find an address range in the middle of another number", () => {
    const { unexplained } = compared({ home: { range: "110.10.0.0/16" }, peer: { range: "110.20.0.0/16" } });
    expect(unexplained).to.have.length(1);
  });

  it("compares options, too: protection, and what a value is made of", () => {
    const missing = compared({ home: {}, peer: {}, homeOptions: { protect: true } });
    expect(missing.unexplained.map(({ property }) => property)).to.deep.equal(["options.protect"]);
    const key = (stack: string, name: string) => `urn:pulumi:${stack}::castle::aws:kms/key:Key::${name}`;
    const other = compared({
      home: { key: { $unknown: true } },
      peer: { key: { $unknown: true } },
      homeOptions: { propertyDependencies: { key: [key("prd", "one")] } },
      peerOptions: { propertyDependencies: { key: [key("dr", "two")] } },
    });
    expect(other.unexplained.map(({ property }) => property)).to.deep.equal(["made of.inputs.key"]);
  });

  it("tells components of one class beside each other apart by name", () => {
    const stack = new TestStack();
    const storage = stack.add({ type: "castle:cell:CellStorage", name: "cell", kind: "component" });
    const parts = ["logs", "archive"].map((name) =>
      stack.add({ type: "castle:cell:KeptBucket", name: `cell-${name}`, kind: "component", parent: storage }),
    );
    const [logs] = parts;
    const bucket = stack.add({
      type: "aws:s3/bucket:Bucket",
      name: "cell-logs-bucket",
      ...(logs ? { parent: logs } : {}),
    });
    expect(pathsOf(stack.graph()).get(bucket.urn)).to.equal(
      "CellStorage/KeptBucket:logs/bucket aws:s3/bucket:Bucket",
    );
  });

  it("finds a resource that one cell alone has", () => {
    const home = new TestStack("prd");
    home.add({ type, name: "alone" });
    const cells = [
      { graph: home.graph(), facts: homeFacts },
      { graph: new TestStack("dr").graph(), facts: peerFacts },
    ] as const;
    expect(compare(...cells, []).unexplained).to.deep.equal([
      { resource: `alone ${type}`, property: null, home: "there", peer: null },
    ]);
    const allowance: Allowance = { resource: "alone *", only: "home", reason: "it is shared" };
    expect(compare(...cells, [allowance]).unexplained).to.deep.equal([]);
    expect(compare(...cells, [{ ...allowance, only: "peer" }])).to.deep.include({
      unused: [{ ...allowance, only: "peer" }],
    });
  });

  it("tells a component that one cell alone has once, and nothing of what is in it", () => {
    const home = new TestStack("prd");
    const vpc = home.add({ type: "castle:cell:AdminVpc", name: "admin", kind: "component" });
    home.add({ type, name: "admin-alarms", parent: vpc });
    const { unexplained } = compare(
      { graph: home.graph(), facts: homeFacts },
      { graph: new TestStack("dr").graph(), facts: peerFacts },
      [],
    );
    expect(unexplained.map(({ resource }) => resource)).to.deep.equal(["AdminVpc castle:cell:AdminVpc"]);
  });

  it("explains a difference by an allowance with its reason, and by none for another property", () => {
    const allowance: Allowance = {
      resource: "Cell/*",
      property: "inputs.size",
      reason: "the peer is smaller",
    };
    const { explained, unexplained } = compared(
      { home: { size: 3, name: "a" }, peer: { size: 2, name: "b" } },
      [allowance],
    );
    expect(explained.map((one) => [one.allowance.reason, one.differences.length])).to.deep.equal([
      ["the peer is smaller", 1],
    ]);
    expect(unexplained.map(({ property }) => property)).to.deep.equal(["inputs.name"]);
  });

  it("does not let an allowance of a property allow a whole resource that is missing", () => {
    const home = new TestStack("prd");
    home.add({ type, name: "alone" });
    const { unexplained } = compare(
      { graph: home.graph(), facts: homeFacts },
      { graph: new TestStack("dr").graph(), facts: peerFacts },
      [{ resource: "alone *", property: "*", reason: "anything" }],
    );
    expect(unexplained).to.have.length(1);
  });

  it("tells an allowance that allows nothing", () => {
    const allowance: Allowance = { resource: "cell/gone *", property: "inputs.size", reason: "it was" };
    expect(compared({ home: {}, peer: {} }, [allowance]).unused).to.deep.equal([allowance]);
  });
});
