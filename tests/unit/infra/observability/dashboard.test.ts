import { expect } from "chai";
import { dashboardBody } from "../../../../infra/cell/observability/dashboard.ts";
import { subjects } from "./subjects-of-tests.ts";

interface Widget {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: { readonly title: string; readonly region: string; readonly metrics: unknown[][] };
}

const widgetsOf = (body: string): Widget[] => (JSON.parse(body) as { widgets: Widget[] }).widgets;
const widgets = widgetsOf(dashboardBody(subjects));

describe("the dashboard of a cell", () => {
  it("shows nothing twice, nothing on top of something else, nothing off the page", () => {
    expect(new Set(widgets.map(({ properties }) => properties.title)).size).to.equal(widgets.length);
    expect(new Set(widgets.map(({ x, y }) => `${x},${y}`)).size).to.equal(widgets.length);
    for (const { x, width } of widgets) expect(x + width).to.be.at.most(24);
  });

  it("shows its own region alone: the other one may not answer", () => {
    for (const { properties } of widgets) expect(properties.region).to.equal("eu-west-1");
  });

  it("has a line in every graph", () => {
    for (const alone of [true, false])
      for (const { properties } of widgetsOf(dashboardBody({ ...subjects, paired: alone })))
        expect(properties.metrics, properties.title).not.to.be.empty;
  });

  it("shows no lag in a cell that stands alone", () => {
    const body = dashboardBody({ ...subjects, paired: false });
    expect(body).not.to.include("ReplicationLag");
  });

  it("shows every node of the cache", () => {
    for (const node of ["001", "002", "003"])
      expect(JSON.stringify(widgets)).to.include(`castle-production-eu-west-1-${node}`);
  });
});
