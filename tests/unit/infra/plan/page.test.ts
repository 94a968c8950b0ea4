import { architectureOf } from "@castle/infra/plan/page/architecture.ts";
import { layOut, type Place } from "@castle/infra/plan/page/layout.ts";
import { renderPlan } from "@castle/infra/plan/page/page.ts";
import { tierOf } from "@castle/infra/plan/page/tiers.ts";
import type { Plan } from "@castle/infra/plan/plan.ts";
import { expect } from "chai";
import { TestStack } from "./graphs.ts";

/** Two cells: gateways that need a database and a network; the peer's is told of the home's listener. */
function twoCells() {
  const home = new TestStack("prd");
  home.provider("eu-west-1");
  const global = home.add({ type: "castle:global:GlobalTier", name: "global", kind: "component" });
  const edge = home.add({ type: "castle:global:Edge", name: "edge", kind: "component", parent: global });
  home.add({ type: "aws:globalaccelerator/listener:Listener", name: "edge-listener", parent: edge });
  cellIn(home, {});
  const peer = new TestStack("dr");
  peer.provider("eu-central-1");
  cellIn(peer, { listenerArn: "arn:aws:globalaccelerator::1:accelerator/a/listener/b" });
  return [home.graph(), peer.graph()] as const;
}

function cellIn(stack: TestStack, inputs: Record<string, string>): void {
  const cell = stack.add({ type: "castle:cell:RegionalCell", name: "cell", kind: "component" });
  const part = (type: string, dependencies: readonly string[] = [], props = {}): string => {
    const component = stack.add({ type: `castle:cell:${type}`, name: type, kind: "component", parent: cell });
    return stack.add({
      type: "aws:x:X",
      name: `${type}-x`,
      parent: component,
      inputs: props,
      options: { dependencies },
    }).urn;
  };
  const network = part("CellNetwork");
  const database = part("AuroraMember", [network]);
  part("Workloads", [database, network]);
  part("EdgeEndpoint", [], inputs);
}

const planOf = (stacks: Plan["stacks"], more: Partial<Plan> = {}): Plan => ({
  version: 1,
  madeAt: "2026-01-02T03:04:05.000Z",
  seconds: 4.2,
  stacks,
  findings: [],
  comparison: null,
  ...more,
});

describe("the picture of a plan", () => {
  const architecture = architectureOf(twoCells());
  const labelOf = (id: string) => {
    const box = architecture.boxes.find((one) => one.id === id);
    return `${box?.stack} ${box?.label}`;
  };

  it("has a box for each component of a cell and of the global tier", () => {
    expect(architecture.boxes.map(({ stack, label, tier }) => `${stack} ${label}: ${tier}`)).to.deep.equal([
      "prd Edge: global",
      "prd Network: ground",
      "prd Aurora member: data",
      "prd Workloads: services",
      "prd Edge endpoint: way in",
      "dr Network: ground",
      "dr Aurora member: data",
      "dr Workloads: services",
      "dr Edge endpoint: way in",
    ]);
  });

  it("has an arrow for each dependency between two boxes, and for what one stack is told of the other", () => {
    expect(
      architecture.arrows.map(
        ({ from, to, what }) => `${labelOf(from)} → ${labelOf(to)}${what ? `: ${what}` : ""}`,
      ),
    ).to.deep.equal([
      "prd Aurora member → prd Network",
      "prd Workloads → prd Aurora member",
      "prd Workloads → prd Network",
      "dr Aurora member → dr Network",
      "dr Workloads → dr Aurora member",
      "dr Workloads → dr Network",
      "dr Edge endpoint → prd Edge: listener",
    ]);
  });

  it("keeps every box of its own inside the picture, however many there are", () => {
    const stack = new TestStack();
    const cell = stack.add({ type: "castle:cell:RegionalCell", name: "cell", kind: "component" });
    for (let i = 0; i < 23; i++) {
      const component = stack.add({
        type: `castle:cell:Part${i}`,
        name: `part-${i}`,
        kind: "component",
        parent: cell,
      });
      stack.add({ type: "aws:x:X", name: `x-${i}`, parent: component });
    }
    const { width, height, places } = layOut(architectureOf([stack.graph()]), ["prd"]);
    const all = [...places.values()];
    expect(all).to.have.length(23);
    for (const { x, y, width: w, height: h } of all)
      expect(x >= 0 && y >= 0 && x + w <= width && y + h <= height).to.equal(true);
    const overlap = (a: Place, b: Place) =>
      a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
    expect(all.flatMap((a, i) => all.slice(i + 1).filter((b) => overlap(a, b)))).to.deep.equal([]);
  });

  it("stands what is in the global tier there, whatever it is, and tells two of a kind apart by name", () => {
    const stack = new TestStack();
    const whole = stack.add({ type: "castle:global:GlobalTier", name: "global", kind: "component" });
    for (const name of ["global-eu-west-3", "global-us-east-1"]) {
      const parent = stack.add({ type: "castle:audit:Detection", name, kind: "component", parent: whole });
      stack.add({ type: "aws:x:X", name: `${name}-x`, parent });
    }
    expect(architectureOf([stack.graph()]).boxes.map(({ label, tier }) => [label, tier])).to.deep.equal([
      ["global-eu-west-3", "global"],
      ["global-us-east-1", "global"],
    ]);
  });

  it("stands what it does not know on the ground", () => {
    expect(tierOf("castle:cell:SomethingNew")).to.equal("ground");
  });
});

describe("the page of a plan", () => {
  it("asks nothing of the network, and runs no script but its own", () => {
    const page = renderPlan(planOf(twoCells()));
    expect(page).to.match(/default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-[\w+/]+=*'/);
    expect(page).to.not.match(/(src|href)="(?!#)/);
  });

  it("holds what the program says as text, never as markup", () => {
    const stack = new TestStack();
    stack.add({
      type: "aws:x:X",
      name: "<b>bold</b>",
      inputs: { text: "</script><script>alert(1)</script>" },
    });
    const page = renderPlan(planOf([stack.graph()]));
    expect(page).to.not.contain("<script>alert").and.not.contain("<b>bold");
  });

  it("tells at the top whether the plan holds", () => {
    expect(renderPlan(planOf(twoCells()))).to.contain("✓ holds");
    const findings = [
      { check: "encryption", stack: "prd", resource: null, message: "set encrypted" },
    ] as const;
    expect(renderPlan(planOf(twoCells(), { findings })))
      .to.contain("✗ fails")
      .and.contain("set encrypted");
  });
});
