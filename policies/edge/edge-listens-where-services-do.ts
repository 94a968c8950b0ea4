import { services } from "@castle/services/catalogue.ts";
import { exceptPreview, type StackRule } from "../rule.ts";
import { availableAtTheEdge } from "./following/controls.ts";

const EDGE = "aws:globalaccelerator/listener:Listener";
const CELL = "aws:lb/listener:Listener";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";

const ports = services
  .flatMap(({ edgePort }) => edgePort ?? [])
  .sort((a, b) => a - b)
  .map(String);

export const edgeListensWhereServicesDo: StackRule = {
  about: "stack",
  name: "edge-listens-where-services-do",
  area: "edge",
  severity: "high",
  what: "The accelerator and each cell's load balancer listen on the services' edge ports, and on no others.",
  why: "A port that the edge has and a cell has not is an outage that only a failover shows; one more is a way in that nobody watches.",
  remedy: "Make listeners of the edge ports in services/catalogue.ts.",
  enforcement: exceptPreview,
  controls: availableAtTheEdge,
  judge: (stack) => {
    const wanted = ports.join(", ");
    const cell = stack
      .ofType(CELL)
      .map((listener) => listener.number("port") ?? 0)
      .sort((a, b) => a - b)
      .join(", ");
    return [
      ...stack.judgeEach(stack.ofType(EDGE), (listener) => {
        const ranges = listener
          .each("portRanges")
          .map((range) => ({ from: range.number("fromPort") ?? 0, to: range.number("toPort") ?? 0 }))
          .sort((a, b) => a.from - b.from)
          .map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`))
          .join(", ");
        return ranges === wanted
          ? []
          : [{ resource: listener, property: "portRanges", found: ranges || "none", wanted }];
      }),
      ...(cell === wanted
        ? []
        : stack.ofType(BALANCER).map((balancer) => ({
            resource: balancer,
            property: "listeners",
            found: cell || "none",
            wanted,
          }))),
    ];
  },
  examples: {
    passing: [
      { type: BALANCER, props: {} },
      ...ports.map((port) => ({ type: CELL, props: { port: Number(port) } })),
    ],
    failing: [
      { type: BALANCER, props: {} },
      { type: CELL, props: { port: 80 } },
    ],
  },
};
