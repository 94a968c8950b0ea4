import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const disksAreEncrypted: ResourceRule = {
  about: "resource",
  name: "disks-are-encrypted",
  area: "encryption",
  severity: "high",
  what: "Every disk that a machine starts with is encrypted.",
  why: "Pods write memory dumps, caches and logs to their node's disk.",
  remedy: "Set ebs.encrypted in each blockDeviceMapping of the launch template.",
  enforcement: everywhere,
  controls: [
    control("pci", "3.6"),
    control("iso27001", "A.8.24"),
    control("soc2", "CC6.1"),
    control("nist", "PR.DS-01"),
    control("dora", "Art. 9(4)"),
  ],
  types: ["aws:ec2/launchTemplate:LaunchTemplate"],
  judge: (template) => {
    const disks = template.each("blockDeviceMappings");
    const plain = disks.filter((disk) => String(disk.value("ebs.encrypted")) !== "true");
    if (disks.length > 0 && plain.length === 0) return [];
    const found = disks.length === 0 ? "no disk named" : `${plain.length} in plain`;
    return [{ resource: template, property: "blockDeviceMappings", found, wanted: "every disk encrypted" }];
  },
  examples: {
    passing: {
      type: "aws:ec2/launchTemplate:LaunchTemplate",
      props: { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true" } }] },
    },
    failing: {
      type: "aws:ec2/launchTemplate:LaunchTemplate",
      props: { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "false" } }] },
    },
  },
};
