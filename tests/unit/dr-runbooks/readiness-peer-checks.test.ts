import type { EdgeGroup } from "@castle/dr-runbooks/aws/readiness-edge.ts";
import { sizesIn } from "@castle/dr-runbooks/kubernetes/sizes.ts";
import { judgeEdgeEndpoints } from "@castle/dr-runbooks/readiness/checks/edge-endpoints.ts";
import { judgeEdgeHealth } from "@castle/dr-runbooks/readiness/checks/edge-health.ts";
import { judgeCapacity } from "@castle/dr-runbooks/readiness/checks/standby-capacity.ts";
import { judgeStandbyServices } from "@castle/dr-runbooks/readiness/checks/standby-services.ts";
import { seconds } from "@castle/regions/duration.ts";
import { judge } from "./support/judge.ts";

const HOME = "eu-west-1";
const PEER = "eu-central-1";

describe("what readiness makes of the edge and the services:", () => {
  const group: EdgeGroup = {
    ...{ endpoint: { weight: 128, health: "HEALTHY" }, strangers: [], dial: 100 },
    ...{ protocol: "TCP", path: null, interval: seconds(10), threshold: 3 },
  };
  const edge = (change: Partial<EdgeGroup>) => ({
    groups: [
      [HOME, group],
      [PEER, { ...group, ...change }],
    ] as const,
  });
  judge("edge-endpoints", ({ groups }) => judgeEdgeEndpoints(groups), edge({}), [
    [
      "the standby at weight 0",
      edge({ endpoint: { weight: 0, health: "HEALTHY" } }),
      /eu-central-1 has weight 0/,
    ],
    ["an endpoint that is gone", edge({ endpoint: null }), /taken out/],
    ["a stranger", edge({ strangers: ["else"] }), /leads to else/],
    ["a dial turned down", edge({ dial: 50 }), /50 %/],
    ["another health path", edge({ protocol: "HTTP", path: "/" }), /asked at \//],
    ["another interval", edge({ interval: seconds(30) }), /health checks differ/],
    ["health noticed late", edge({ interval: seconds(30), threshold: 4 }), /after 120 s/],
  ]);
  judge(
    "edge-health",
    ({ active, peer }) => judgeEdgeHealth([HOME, active], [PEER, peer]),
    { active: "HEALTHY", peer: "UNHEALTHY" },
    [
      ["the active cell red", { active: "UNHEALTHY" }, /eu-west-1, which is active, is UNHEALTHY/],
      ["both cells green", { peer: "HEALTHY" }, /it is standby/],
      ["an endpoint that is gone", { active: "absent" }, /is absent/],
    ],
  );

  const running = [
    "order-gateway-0",
    "order-gateway-1",
    "order-gateway-1 acceptance",
    "matching-engine-0",
    "market-data-0",
  ];
  judge(
    "standby-services",
    ({ peer, gateways }) => judgeStandbyServices(peer, sizesIn({ replicas: { "order-gateway": gateways } })),
    { peer: running, gateways: { standby: 2, active: 2 } },
    [
      [
        "a gateway too few",
        { peer: running.slice(1).map((name) => name.replace("-1", "-0")) },
        /1 of order-gateway, 2 wanted/,
      ],
      ["no engine", { peer: running.filter((name) => !name.startsWith("matching")) }, /0 of matching-engine/],
      ["none at all", { peer: [] }, /0 of order-gateway, 2 wanted; 0 of matching-engine, 1 wanted/],
    ],
  );
  judge(
    "standby-capacity",
    ({ active, peer }) => judgeCapacity(active, peer),
    { active: { most: 100, used: 40 }, peer: { most: 100, used: 50 } },
    [
      [
        "too few connections free",
        { peer: { most: 100, used: 51 } },
        /49 connections free of 100, 50 needed/,
      ],
    ],
  );
});
