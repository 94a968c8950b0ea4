import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const threatsAreWatchedFor: ResourceRule = {
  about: "resource",
  name: "threats-are-watched-for",
  area: "observability",
  severity: "medium",
  what: "GuardDuty watches where it is switched on.",
  why: "A detector that is there and off looks like one that found nothing.",
  remedy: "Set enable on the detector.",
  enforcement: everywhere,
  controls: [
    control("pci", "11.5"),
    control("iso27001", "A.8.16"),
    control("soc2", "CC7.1"),
    control("nist", "DE.CM-01"),
  ],
  types: ["aws:guardduty/detector:Detector"],
  judge: (detector) =>
    detector.value("enable") === false
      ? [{ resource: detector, property: "enable", found: "off", wanted: "on" }]
      : [],
  examples: {
    passing: { type: "aws:guardduty/detector:Detector", props: { enable: true } },
    failing: { type: "aws:guardduty/detector:Detector", props: { enable: false } },
  },
};
