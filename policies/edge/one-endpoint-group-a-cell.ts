import { exceptPreview, type StackRule } from "../rule.ts";
import { availableAtTheEdge } from "./following/controls.ts";

const GROUP = "aws:globalaccelerator/endpointGroup:EndpointGroup";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";

export const oneEndpointGroupACell: StackRule = {
  about: "stack",
  name: "one-endpoint-group-a-cell",
  area: "edge",
  severity: "critical",
  what: "A cell adds one endpoint group to the accelerator, of its own region, with one endpoint: its load balancer.",
  why: "A cell without one is never reached after a failover, and a second endpoint in it would be let in by its own health.",
  remedy: "Make one EndpointGroup in each cell's stack, with endpointGroupRegion and one endpoint.",
  enforcement: exceptPreview,
  controls: availableAtTheEdge,
  judge: (stack, { region }) => {
    const groups = stack.ofType(GROUP);
    const [first, second] = groups;
    if (!first)
      return stack.ofType(BALANCER).map((balancer) => ({
        resource: balancer,
        property: "endpointGroup",
        found: "none",
        wanted: `one in ${region}`,
      }));
    return [
      ...(second
        ? [
            {
              resource: second,
              property: "endpointGroup",
              found: `${groups.length} in the cell`,
              wanted: "one",
            },
          ]
        : []),
      ...stack.judgeEach(groups, (group) => {
        const there = group.text("endpointGroupRegion") ?? "the provider's region";
        const endpoints = group.each("endpointConfigurations").length;
        return [
          ...(there === region
            ? []
            : [{ resource: group, property: "endpointGroupRegion", found: there, wanted: region }]),
          ...(endpoints === 1
            ? []
            : [
                {
                  resource: group,
                  property: "endpointConfigurations",
                  found: `${endpoints} endpoints`,
                  wanted: "one",
                },
              ]),
        ];
      }),
    ];
  },
  examples: {
    passing: [
      { type: GROUP, props: { endpointGroupRegion: "eu-west-1", endpointConfigurations: [{ weight: 128 }] } },
    ],
    failing: [{ type: GROUP, props: { endpointConfigurations: [{ weight: 128 }] } }],
  },
};
