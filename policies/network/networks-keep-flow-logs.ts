import { control } from "../frameworks.ts";
import { says } from "../judged/wants.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const networksKeepFlowLogs: ResourceRule = {
  about: "resource",
  name: "networks-keep-flow-logs",
  area: "network",
  severity: "medium",
  what: "A network records all that flows and all that it refuses.",
  why: "After an incident it is what tells who talked to whom.",
  remedy: "Give the VPC a FlowLog with trafficType ALL.",
  enforcement: everywhere,
  controls: [
    control("pci", "10.2"),
    control("iso27001", "A.8.15"),
    control("soc2", "CC7.2"),
    control("nist", "DE.CM-01"),
    control("cis-aws", "3.7"),
  ],
  types: ["aws:ec2/flowLog:FlowLog"],
  judge: says("trafficType", "ALL"),
  examples: {
    passing: { type: "aws:ec2/flowLog:FlowLog", props: { trafficType: "ALL" } },
    failing: { type: "aws:ec2/flowLog:FlowLog", props: { trafficType: "REJECT" } },
  },
};
