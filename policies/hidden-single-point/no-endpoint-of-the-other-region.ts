import { peerOf } from "@castle/regions/catalogue.ts";
import { exceptPreview, type StackRule } from "../rule.ts";
import { standsAlone } from "./naming/controls.ts";
import { named } from "./naming/named.ts";

export const noEndpointOfTheOtherRegion: StackRule = {
  about: "stack",
  name: "no-endpoint-of-the-other-region",
  area: "hidden-single-point",
  severity: "critical",
  what: "No input of a cell names an AWS endpoint of the other cell's region, but for those that are meant.",
  why: "Calls to an endpoint that answers nobody hang until they time out, and take the caller with them.",
  remedy:
    "Name the cell's own, or add the property with its reason to hidden-single-point/naming/to-the-peer.ts.",
  enforcement: exceptPreview,
  controls: standsAlone,
  judge: (stack, { region }) => {
    const other = peerOf(region);
    const there = new RegExp(
      `[a-z0-9.-]+\\.(${other}(\\.[a-z0-9-]+)?|${shortOf(other)}\\.cache)\\.amazonaws\\.com`,
    );
    return stack.judgeEach(stack.resources, (resource) =>
      named(resource, there, { as: "names", wanted: "an endpoint of its own region" }),
    );
  },
  examples: {
    passing: [
      {
        type: "kubernetes:core/v1:ConfigMap",
        props: { data: { DATABASE: "db.abc.eu-west-1.rds.amazonaws.com" } },
      },
    ],
    failing: [
      { type: "kubernetes:core/v1:ConfigMap", props: { data: { QUEUE: "sqs.eu-central-1.amazonaws.com" } } },
    ],
  },
};

/** ElastiCache has short names of regions in its endpoints: `euw1` for `eu-west-1`. */
function shortOf(region: string): string {
  const [continent = "", part = "", number = ""] = region.split("-");
  return `${continent}${part.charAt(0)}${number}`;
}
