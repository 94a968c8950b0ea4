import { control } from "../frameworks.ts";
import { isOn } from "../judged/wants.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const imagesAreScanned: ResourceRule = {
  about: "resource",
  name: "images-are-scanned",
  area: "observability",
  severity: "medium",
  what: "An image is scanned when it is pushed.",
  why: "Most of what is in an image is somebody else's.",
  remedy: "Set imageScanningConfiguration.scanOnPush.",
  enforcement: everywhere,
  controls: [
    control("pci", "6.3"),
    control("iso27001", "A.8.8"),
    control("soc2", "CC7.1"),
    control("cis-eks", "5.1.1"),
  ],
  types: ["aws:ecr/repository:Repository"],
  judge: isOn("imageScanningConfiguration.scanOnPush"),
  examples: {
    passing: {
      type: "aws:ecr/repository:Repository",
      props: { imageScanningConfiguration: { scanOnPush: true } },
    },
    failing: { type: "aws:ecr/repository:Repository", props: { name: "castle/production/order-gateway" } },
  },
};
