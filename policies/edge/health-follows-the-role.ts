import { services } from "@castle/services/catalogue.ts";
import { everywhere, type ResourceRule } from "../rule.ts";
import { availableAtTheEdge } from "./following/controls.ts";

const GROUP = "aws:lb/targetGroup:TargetGroup";

export const healthFollowsTheRole: ResourceRule = {
  about: "resource",
  name: "health-follows-the-role",
  area: "edge",
  severity: "critical",
  what: "A target group asks each service for /healthz/active on the service's internal port, and takes 200 alone.",
  why: "Only the active cell answers so: with any other check the edge sends traders to a cell that may not accept their orders.",
  remedy:
    "Set healthCheck to path /healthz/active, matcher 200 and the internal port of services/catalogue.ts.",
  enforcement: everywhere,
  controls: availableAtTheEdge,
  types: [GROUP],
  judge: (group) => {
    const port = group.number("port");
    const service = services.find((each) => each.port === port);
    const wanted = {
      path: "/healthz/active",
      matcher: "200",
      port: String(service?.internalPort ?? "a service's internal port"),
    };
    return Object.entries(wanted).flatMap(([property, value]) => {
      const found = group.text(`healthCheck.${property}`) ?? "AWS's own";
      return found === value
        ? []
        : [{ resource: group, property: `healthCheck.${property}`, found, wanted: value }];
    });
  },
  examples: {
    passing: {
      type: GROUP,
      props: { port: 8080, healthCheck: { path: "/healthz/active", matcher: "200", port: "9080" } },
    },
    failing: {
      type: GROUP,
      props: { port: 8080, healthCheck: { path: "/healthz/ready", matcher: "200", port: "9080" } },
    },
  },
};
