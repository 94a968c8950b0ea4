import { control } from "../frameworks.ts";
import { exceptPreview, type ResourceRule } from "../rule.ts";

const ACCELERATOR = "aws:globalaccelerator/accelerator:Accelerator";

export const acceleratorKeepsFlowLogs: ResourceRule = {
  about: "resource",
  name: "accelerator-keeps-flow-logs",
  area: "edge",
  severity: "medium",
  what: "The accelerator writes flow logs to a bucket.",
  why: "They are the only record of which region a trader was sent to during a handover.",
  remedy: "Set attributes.flowLogsEnabled, flowLogsS3Bucket and flowLogsS3Prefix on the accelerator.",
  enforcement: exceptPreview,
  controls: [
    control("dora", "Art. 10(1)"),
    control("iso27001", "A.8.15"),
    control("soc2", "CC7.2"),
    control("nist", "DE.CM-01"),
    control("pci", "10.2"),
  ],
  types: [ACCELERATOR],
  judge: (accelerator) =>
    accelerator.value("attributes.flowLogsEnabled") === true && accelerator.has("attributes.flowLogsS3Bucket")
      ? []
      : [
          {
            resource: accelerator,
            property: "attributes.flowLogsEnabled",
            found: "off",
            wanted: "on, to a bucket",
          },
        ],
  examples: {
    passing: {
      type: ACCELERATOR,
      props: { attributes: { flowLogsEnabled: true, flowLogsS3Bucket: "castle-logs" } },
    },
    failing: { type: ACCELERATOR, props: { attributes: { flowLogsEnabled: false } } },
  },
};
