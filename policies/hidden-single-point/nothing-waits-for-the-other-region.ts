import { peerOf } from "@castle/regions/catalogue.ts";
import { everywhere, type Finding, type StackRule } from "../rule.ts";
import { standsAlone } from "./naming/controls.ts";

const TOPIC = "aws:sns/topic:Topic";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

export const nothingWaitsForTheOtherRegion: StackRule = {
  about: "stack",
  name: "nothing-waits-for-the-other-region",
  area: "hidden-single-point",
  severity: "critical",
  what: "A stack asks nothing of the other cell's region, and no resource of it waits for one there.",
  why: "While the other region answers nobody, such a stack cannot be deployed: least of all on the day it must be.",
  remedy: "Make the resource in the other cell's stack, and be told of it by the settings.",
  enforcement: everywhere,
  controls: standsAlone,
  judge: (stack, { region }) => {
    const there = peerOf(region);
    const strayed = stack.resources.filter(({ facts }) => facts.provider?.region === there);
    const urns = new Set(strayed.map(({ facts }) => facts.urn));
    return [
      ...strayed.map(
        (resource): Finding => ({
          resource,
          property: "provider",
          found: there,
          wanted: "the cell's own region",
        }),
      ),
      ...stack.resources
        .filter(({ facts }) => !urns.has(facts.urn) && facts.dependencies.some((urn) => urns.has(urn)))
        .map(
          (resource): Finding => ({
            resource,
            property: "dependencies",
            found: `a resource in ${there}`,
            wanted: "none there",
          }),
        ),
    ];
  },
  examples: {
    passing: [
      { type: TOPIC, name: "notices", props: {} },
      { type: ALARM, name: "alarm", props: {}, waitsFor: ["notices"] },
    ],
    failing: [
      { type: TOPIC, name: "notices", props: {}, region: "eu-central-1" },
      { type: ALARM, name: "alarm", props: {}, waitsFor: ["notices"] },
    ],
  },
};
