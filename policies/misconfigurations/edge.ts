import type { Misconfiguration } from "./misconfiguration.ts";

const GROUP = "aws:globalaccelerator/endpointGroup:EndpointGroup";
const TARGETS = "aws:lb/targetGroup:TargetGroup";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";

export const edgeMistakes: readonly Misconfiguration[] = [
  {
    what: "The peer's load balancer asks whether the gateway is ready, not whether it is active",
    rule: "health-follows-the-role",
    seed: (_, peer) => peer.one(TARGETS).set("healthCheck.path", "/healthz/ready"),
  },
  {
    what: "The peer's endpoint begins with weight 0",
    rule: "endpoint-is-let-in-by-health-alone",
    seed: (_, peer) => peer.one(GROUP).set("endpointConfigurations.0.weight", 0),
  },
  {
    what: "The peer's traffic dial stands at half",
    rule: "endpoint-is-let-in-by-health-alone",
    seed: (_, peer) => peer.one(GROUP).set("trafficDialPercentage", 50),
  },
  {
    what: "Nothing is written of what the accelerator leads where",
    rule: "accelerator-keeps-flow-logs",
    seed: (home) =>
      home.one("aws:globalaccelerator/accelerator:Accelerator").set("attributes.flowLogsEnabled", false),
  },
  {
    what: "Clients of the peer keep a connection for an hour",
    rule: "clients-leave-a-demoted-cell-soon",
    seed: (_, peer) => peer.one(BALANCER).drop("clientKeepAlive"),
  },
  {
    what: "The peer's load balancer gives connections up before the accelerator does",
    rule: "load-balancer-outlasts-the-accelerator",
    seed: (_, peer) => peer.one(BALANCER).drop("idleTimeout"),
  },
  {
    what: "The peer's endpoint group is in the accelerator's own region",
    rule: "one-endpoint-group-a-cell",
    seed: (_, peer) => peer.one(GROUP).drop("endpointGroupRegion"),
  },
  {
    what: "The peer's cell has no endpoint group",
    rule: "one-endpoint-group-a-cell",
    seed: (_, peer) => peer.remove(peer.one(GROUP)),
  },
  {
    what: "The peer's load balancer does not listen for market data",
    rule: "edge-listens-where-services-do",
    seed: (_, peer) => peer.remove(peer.one("aws:lb/listener:Listener", "cell-market-data")),
  },
];
