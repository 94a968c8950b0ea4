import { services } from "@castle/services/catalogue.ts";
import { control } from "../frameworks.ts";
import { NotKnown, unknown } from "../judged/resource.ts";
import { everywhere, type ResourceRule } from "../rule.ts";

const edgePorts = new Set(services.flatMap(({ edgePort }) => edgePort ?? []));

const RANGES = ["cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6"];

/** All addresses, or so many that it comes to the same: 0.0.0.0/1 and its other half are the world in two rules. */
const isTheWorld = (range: unknown): boolean =>
  typeof range === "string" &&
  ((/\/[0-7]$/.test(range) && !range.includes(":")) || /^::\/\d$|^::\/0$/.test(range));

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
  types: [
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
  ],
  judge: (resource) => {
    const rules =
      resource.type === "aws:ec2/securityGroup:SecurityGroup" ? resource.each("ingress") : [resource];
    return rules.flatMap((rule) => {
      const ranges = RANGES.flatMap((path) => rule.value(path));
      if (ranges.includes(unknown)) throw new NotKnown(resource.facts, "ingress");
      const [from, to] = [rule.number("fromPort"), rule.number("toPort")];
      const outward = rule.text("type") === "egress";
      return !outward && ranges.some(isTheWorld) && !(from === to && edgePorts.has(from ?? -1))
        ? [
            {
              resource,
              property: "ingress",
              found: `ports ${from}-${to} from anywhere`,
              wanted: `named ranges, or an edge port (${[...edgePorts].join(", ")})`,
            },
          ]
        : [];
    });
  },
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
