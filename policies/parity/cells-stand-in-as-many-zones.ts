import { exceptPreview, type PairRule } from "../rule.ts";
import { ableToTakeOver } from "./compare/controls.ts";

const VPC = "awsx:ec2:Vpc";

export const cellsStandInAsManyZones: PairRule = {
  about: "pair",
  name: "cells-stand-in-as-many-zones",
  area: "parity",
  severity: "high",
  what: "Both cells' networks stand in the same number of zones, three at least, and leave by as many ways.",
  why: "A cell in fewer zones loses more of itself with one, when it is the only cell that is left.",
  remedy: "Give the network all zones of the region's catalogue, and NAT gateways by the profile.",
  enforcement: exceptPreview,
  controls: ableToTakeOver,
  judge: (home, peer) =>
    peer.judgeEach(peer.ofType(VPC), (vpc) => {
      const other = home.ofType(VPC).find(({ name }) => name === vpc.name);
      if (!other) return [];
      const [wanted, found] = [other, vpc].map((each) => each.each("availabilityZoneNames").length);
      const [ways, found2] = [other, vpc].map((each) => each.text("natGateways.strategy") ?? "AWSX's own");
      const least = Math.max(wanted ?? 0, 3);
      return [
        ...(found === least
          ? []
          : [
              {
                resource: vpc,
                property: "availabilityZoneNames",
                found: `${found} zones`,
                wanted: `${least} zones`,
              },
            ]),
        ...(ways === found2
          ? []
          : [
              {
                resource: vpc,
                property: "natGateways.strategy",
                found: `${found2}`,
                wanted: `${ways}, as in the home cell`,
              },
            ]),
      ];
    }),
  examples: {
    passing: {
      home: [{ type: VPC, props: { availabilityZoneNames: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] } }],
      peer: [
        { type: VPC, props: { availabilityZoneNames: ["eu-central-1a", "eu-central-1b", "eu-central-1c"] } },
      ],
    },
    failing: {
      home: [{ type: VPC, props: { availabilityZoneNames: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] } }],
      peer: [{ type: VPC, props: { availabilityZoneNames: ["eu-central-1a", "eu-central-1b"] } }],
    },
  },
};
