import { peerOf } from "@castle/regions/catalogue.ts";
import { exceptPreview, type StackRule } from "../rule.ts";
import { standsAlone } from "./naming/controls.ts";
import { named } from "./naming/named.ts";

export const noBucketOfTheOtherRegion: StackRule = {
  about: "stack",
  name: "no-bucket-of-the-other-region",
  area: "hidden-single-point",
  severity: "high",
  what: "No input of a cell names a bucket of the other cell's region, but for those that are meant.",
  why: "A bucket's ARN has no region in it: only the name tells that logs, images or state lie in the region that may be gone.",
  remedy:
    "Name the cell's own, or add the property with its reason to hidden-single-point/naming/to-the-peer.ts.",
  enforcement: exceptPreview,
  controls: standsAlone,
  judge: (stack, { region }) => {
    const there = new RegExp(`(?<![a-z0-9.-])[a-z0-9-]+-${peerOf(region)}-\\d{12}(?!\\.s3\\.)`);
    return stack.judgeEach(stack.resources, (resource) =>
      named(resource, there, { as: "names", wanted: "a bucket of its own region" }),
    );
  },
  examples: {
    passing: [
      {
        type: "aws:lb/loadBalancer:LoadBalancer",
        props: { accessLogs: { bucket: "castle-logs-eu-west-1-111122223333" } },
      },
    ],
    failing: [
      {
        type: "aws:lb/loadBalancer:LoadBalancer",
        props: { accessLogs: { bucket: "castle-logs-eu-central-1-111122223333" } },
      },
    ],
  },
};
