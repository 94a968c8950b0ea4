import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

export const databasesRefusePlainText: ResourceRule = {
  about: "resource",
  name: "databases-refuse-plain-text",
  area: "data",
  severity: "critical",
  what: "A database refuses a connection without TLS.",
  why: "Between the cells the appends to the journal cross a network that is not ours.",
  remedy: "Set rds.force_ssl to 1 in the parameter group.",
  enforcement: everywhere,
  controls: [
    control("pci", "4.2"),
    control("iso27001", "A.8.24"),
    control("soc2", "CC6.7"),
    control("nist", "PR.DS-02"),
    control("dora", "Art. 9(2)"),
  ],
  types: ["aws:rds/parameterGroup:ParameterGroup", "aws:rds/clusterParameterGroup:ClusterParameterGroup"],
  judge: (group) =>
    group
      .each("parameters")
      .some((each) => each.text("name") === "rds.force_ssl" && String(each.value("value")) === "1")
      ? []
      : [
          {
            resource: group,
            property: "parameters",
            found: "rds.force_ssl not set",
            wanted: "rds.force_ssl = 1",
          },
        ],
  examples: {
    passing: {
      type: "aws:rds/parameterGroup:ParameterGroup",
      props: { family: "postgres17", parameters: [{ name: "rds.force_ssl", value: "1" }] },
    },
    failing: {
      type: "aws:rds/parameterGroup:ParameterGroup",
      props: { family: "postgres17", parameters: [] },
    },
  },
};
