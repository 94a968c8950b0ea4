import { exceptPreview, type ResourceRule } from "../rule.ts";
import { changeSafely } from "./leaving/controls.ts";
import { leftAlone } from "./leaving/left-alone.ts";

const GROUP = "aws:globalaccelerator/endpointGroup:EndpointGroup";
const TURNED = ["endpointConfigurations", "trafficDialPercentage"];

export const edgeIsTurnedByRunbooksAlone: ResourceRule = {
  about: "resource",
  name: "edge-is-turned-by-runbooks-alone",
  area: "role-change",
  severity: "critical",
  what: "Weights and dial of an endpoint group, an update leaves alone.",
  why: "A runbook takes a lost cell's weight to 0; an update that sends the old weight again lets traffic into a cell that was fenced.",
  remedy: "Name endpointConfigurations and trafficDialPercentage in the endpoint group's ignoreChanges.",
  enforcement: exceptPreview,
  controls: changeSafely,
  types: [GROUP],
  judge: (group) => leftAlone(group, TURNED),
  examples: {
    passing: { type: GROUP, props: {}, ignoreChanges: TURNED },
    failing: { type: GROUP, props: {}, ignoreChanges: ["trafficDialPercentage"] },
  },
};
