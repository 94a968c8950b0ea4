import { exceptPreview, type ResourceRule } from "../rule.ts";
import { availableAtTheEdge } from "./following/controls.ts";

const GROUP = "aws:globalaccelerator/endpointGroup:EndpointGroup";

export const endpointIsLetInByHealthAlone: ResourceRule = {
  about: "resource",
  name: "endpoint-is-let-in-by-health-alone",
  area: "edge",
  severity: "critical",
  what: "An endpoint group begins with its dial at 100 and a weight above 0, in both cells alike.",
  why: "Health decides which cell is let in; a dial or weight of 0 keeps a promoted cell out, and a low dial drops traffic that has nowhere else to go.",
  remedy: "Set trafficDialPercentage to 100 and a weight from 1 to 255; the runbooks turn them.",
  enforcement: exceptPreview,
  controls: availableAtTheEdge,
  types: [GROUP],
  judge: (group) => {
    const dial = group.number("trafficDialPercentage") ?? 100;
    const closed = group.each("endpointConfigurations").filter((each) => (each.number("weight") ?? 128) < 1);
    return [
      ...(dial === 100
        ? []
        : [{ resource: group, property: "trafficDialPercentage", found: `${dial} %`, wanted: "100 %" }]),
      ...closed.map(() => ({
        resource: group,
        property: "endpointConfigurations",
        found: "weight 0",
        wanted: "a weight above 0",
      })),
    ];
  },
  examples: {
    passing: {
      type: GROUP,
      props: { trafficDialPercentage: 100, endpointConfigurations: [{ weight: 128 }] },
    },
    failing: { type: GROUP, props: { trafficDialPercentage: 50, endpointConfigurations: [{ weight: 128 }] } },
  },
};
