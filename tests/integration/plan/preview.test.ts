import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkAll } from "@castle/infra/plan/checks/all.ts";
import { ProgramFailed, previewStack } from "@castle/infra/plan/engine/preview-stack.ts";
import type { Resource, StackGraph } from "@castle/infra/plan/graph/graph.ts";
import { makePlan } from "@castle/infra/plan/plan.ts";
import { expect } from "chai";
import { previewed, programNamed } from "./programs.ts";

const one = ({ resources }: StackGraph, name: string): Resource => {
  const found = resources.filter((resource) => resource.name === name);
  expect(found, name).to.have.length(1);
  return found[0] as Resource;
};

const failureOf = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => expect.fail("it did not fail"),
    (error: unknown) => error,
  );

describe("a stack's program previewed with nobody behind it", () => {
  describe("whose program has components, secrets, unknowns, a plugin's component and a thing that is there", () => {
    let graph: StackGraph;
    before(async () => {
      graph = await previewed("whole");
    });

    it("nests what is in a component", () => {
      const cell = one(graph, "cell-key").parent;
      expect(graph.resources.find(({ urn }) => urn === cell)?.type).to.equal("castle:cell:Cell");
      expect(one(graph, "cell-key").urn).to.equal(
        "urn:pulumi:prd::castle::castle:cell:Cell$aws:kms/key:Key::cell-key",
      );
    });

    it("keeps unknown what only AWS can tell, and tells what it is made of", () => {
      const { inputs, options } = one(graph, "cell-database");
      expect(inputs.kmsKeyId).to.deep.equal({ $unknown: true });
      expect(options.propertyDependencies.kmsKeyId).to.deep.equal([one(graph, "cell-key").urn]);
      expect(graph.outputs.endpoint).to.deep.equal({ $unknown: true });
    });

    it("writes no secret down", () => {
      expect(one(graph, "cell-database").inputs.password).to.deep.equal({ $secret: true });
      expect(graph.outputs.password).to.deep.equal({ $secret: true });
      expect(JSON.stringify(graph)).to.not.contain("never-written").and.not.contain("told-to-nobody");
    });

    it("does not know a secret that only an account can tell, nor takes it for plain", () => {
      expect(one(graph, "cell-database").inputs.username).to.deep.equal({ $secret: true, $unknown: true });
    });

    it("tells a resource's options", () => {
      const { protect, ignoreChanges, provider } = one(graph, "cell-database").options;
      expect({ protect, ignoreChanges }).to.deep.equal({ protect: true, ignoreChanges: ["engineVersion"] });
      expect(provider).to.equal("urn:pulumi:prd::castle::pulumi:providers:aws::home");
    });

    it("shows a plugin's component as one, asked of its parent's provider", () => {
      const cluster = one(graph, "cell-cluster");
      expect(cluster.kind).to.equal("remote");
      expect(cluster.options.providers).to.have.property("aws");
      expect(graph.resources.filter(({ parent }) => parent === cluster.urn)).to.deep.equal([]);
    });

    it("does not take a plugin's arguments for its outputs", () => {
      expect(one(graph, "cell-parameter").inputs.value).to.have.property("$unknown", true);
    });

    it("looks at what is there without asking for it", () => {
      expect(one(graph, "cell-old")).to.deep.include({ kind: "read", inputs: { id: "castle-old" } });
    });

    it("has nothing wrong with it", () => {
      expect(checkAll([graph])).to.deep.equal([]);
    });
  });

  it("tells two resources of the same name", async () => {
    expect(checkAll([await previewed("twice")]).map(({ message }) => message)).to.include(
      '2 resources of type test:index:Thing are named "twin" in the same place: give each its own logical name',
    );
  });

  it("fails with a program that waits for itself, and names what waits", async () => {
    const error = await failureOf(previewed("circle"));
    expect(error).to.be.instanceOf(ProgramFailed);
    expect((error as Error).message)
      .to.match(/cyclic dependency/)
      .and.match(/first/);
  });

  it("tells a program's own error in its own lines, without a trace", async () => {
    const error = await failureOf(previewed("broken"));
    expect((error as Error).message).to.equal(
      [
        "the program of stack prd failed:",
        "  Pulumi.prd.yaml is not a valid configuration:",
        "    castle:region must be one of two",
        "    castle:domain is missing",
      ].join("\n"),
    );
  });

  it("refuses a function that would need an account, and names the remedy", async () => {
    const error = await failureOf(previewed("asking"));
    expect((error as Error).message)
      .to.match(/aws:index\/getAvailabilityZones:getAvailabilityZones would ask the provider/)
      .and.match(/use a name or a value that is known/);
  });

  it("refuses transforms by name", async () => {
    const error = await failureOf(previewed("transformed"));
    expect((error as Error).message).to.match(/does not carry out transforms of the stack/);
  });

  describe("that does not end", () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "castle-plan-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const isAlive = (pid: number): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };

    it("is ended with the plan that is interrupted", async () => {
      const told = join(folder, "pid");
      const interruption = new AbortController();
      const run = failureOf(
        previewStack(programNamed("waiting", "prd", { "castle:told": told }), interruption.signal),
      );
      while (!existsSync(told) || readFileSync(told, "utf8") === "")
        await new Promise((resolve) => setTimeout(resolve, 20));
      const pid = Number(readFileSync(told, "utf8"));
      expect(isAlive(pid)).to.equal(true);
      interruption.abort(new Error("interrupted"));
      expect(await run).to.have.property("message", "interrupted");
      expect(isAlive(pid)).to.equal(false);
    });

    it("is ended when the program beside it fails, whose error is told", async () => {
      const told = join(folder, "pid");
      const error = await failureOf(
        makePlan(
          [programNamed("waiting", "dr", { "castle:told": told }), programNamed("broken", "prd")],
          AbortSignal.timeout(60_000),
        ),
      );
      expect((error as Error).message).to.match(/^the program of stack prd failed/);
      if (existsSync(told) && readFileSync(told, "utf8") !== "")
        expect(isAlive(Number(readFileSync(told, "utf8")))).to.equal(false);
    });
  });
});
