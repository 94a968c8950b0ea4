import { services } from "@castle/services/catalogue.ts";
import { control } from "../frameworks.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

const edgePorts = new Set(services.flatMap(({ edgePort }) => edgePort ?? []));

export const theWorldReachesTheEdgeAlone: ResourceRule = {
  about: "resource",
  name: "the-world-reaches-the-edge-alone",
  area: "network",
  severity: "critical",
  what: "Nothing is open to the whole internet but the ports of the edge.",
  why: "Every other open port is a way around the load balancer, its firewall and its records.",
  remedy:
    "Name the address ranges that need the port; only the ports of services/catalogue.ts that the edge leads to may be open to all.",
  enforcement: everywhere,
  controls: [
    control("pci", "1.3"),
    control("iso27001", "A.8.20"),
    control("soc2", "CC6.6"),
    control("nist", "PR.IR-01"),
    control("cis-aws", "5.2"),
  ],
  types: ["aws:ec2/securityGroup:SecurityGroup"],
  judge: (group) =>
    group.each("ingress").flatMap((rule) => {
      const ranges = [rule.value("cidrBlocks"), rule.value("ipv6CidrBlocks")].flat();
      const [from, to] = [rule.number("fromPort"), rule.number("toPort")];
      const open = ranges.includes("0.0.0.0/0") || ranges.includes("::/0");
      return open && !(from === to && edgePorts.has(from ?? -1))
        ? [
            {
              resource: group,
              property: "ingress",
              found: `ports ${from}-${to} from anywhere`,
              wanted: `named ranges, or an edge port (${[...edgePorts].join(", ")})`,
            },
          ]
        : [];
    }),
  examples: {
    passing: {
      type: "aws:ec2/securityGroup:SecurityGroup",
      props: { ingress: [{ fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }] },
    },
    failing: {
      type: "aws:ec2/securityGroup:SecurityGroup",
      props: { ingress: [{ fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] }] },
    },
  },
};
