import type { Node, Pod } from "@castle/dr-runbooks/kubernetes/objects.ts";
import { sizesIn } from "@castle/dr-runbooks/kubernetes/sizes.ts";
import { judgeClusterCapacity } from "@castle/dr-runbooks/readiness/checks/cluster-capacity.ts";
import { judgeClusters } from "@castle/dr-runbooks/readiness/checks/clusters.ts";
import { judgePodImages } from "@castle/dr-runbooks/readiness/checks/pod-images.ts";
import { judgeStandbyPods } from "@castle/dr-runbooks/readiness/checks/standby-pods.ts";
import type { ServiceName } from "@castle/services/catalogue.ts";
import { judge } from "./support/judge.ts";

const HOME = "eu-west-1";
const PEER = "eu-central-1";
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const pod = (service: ServiceName, change: Partial<Pod> = {}): Pod => ({
  ...{ name: `${service}-0`, service, ready: true, because: null, digest: digest("a") },
  ...change,
});
const pods = [pod("order-gateway"), pod("matching-engine"), pod("market-data")];
const sizes = sizesIn({});

describe("what readiness makes of the cells' clusters", () => {
  const cluster = { status: "ACTIVE", version: "1.34", issues: [] as string[] };
  judge(
    "clusters",
    ({ active, peer }) => judgeClusters([HOME, active], [PEER, peer]),
    { active: cluster, peer: cluster },
    [
      [
        "a peer that is being updated",
        { peer: { ...cluster, status: "UPDATING" } },
        /eu-central-1 is UPDATING/,
      ],
      [
        "an older peer",
        { peer: { ...cluster, version: "1.33" } },
        /1\.34 in the active cell, 1\.33 in the peer/,
      ],
      [
        "what EKS finds wrong",
        { active: { ...cluster, issues: ["Ec2SubnetNotFound: gone"] } },
        /eu-west-1: Ec2SubnetNotFound/,
      ],
    ],
  );

  const deployments = pods.map(({ service }) => ({ service, wanted: 1, ready: 1 }));
  judge(
    "standby-pods",
    (found) => judgeStandbyPods(found.deployments, found.pods, sizes),
    { deployments, pods },
    [
      [
        "no deployment of a service",
        { deployments: deployments.slice(1) },
        /there is no deployment order-gateway/,
      ],
      [
        "one that asks for none",
        { deployments: deployments.map((of) => ({ ...of, wanted: 0 })) },
        /0 of order-gateway asked for, 1 wanted/,
      ],
      ["a pod that is missing", { pods: pods.slice(0, 2) }, /0 pods of market-data/],
      [
        "a pod that is not ready",
        { pods: [...pods.slice(1), pod("order-gateway", { ready: false, because: "CrashLoopBackOff" })] },
        /order-gateway-0 is not ready: CrashLoopBackOff/,
      ],
      [
        "one not ready beyond the warm size",
        { pods: [...pods, pod("order-gateway", { name: "order-gateway-1", ready: false })] },
        /order-gateway-1 is not ready/,
      ],
    ],
  );

  judge("pod-images", ({ active, peer }) => judgePodImages(active, peer), { active: pods, peer: pods }, [
    [
      "another image in the peer",
      { peer: [pod("order-gateway", { digest: digest("b") })] },
      /order-gateway runs sha256:a{12}, in the peer sha256:b{12}/,
    ],
    [
      "two images in the active cell",
      { active: [...pods, pod("market-data", { digest: digest("c") })] },
      /market-data runs sha256:a{12} and sha256:c{12}/,
    ],
  ]);

  const node = (cpu: string, memory = "7Gi"): Node => ({ name: "a-node", allocatable: { cpu, memory } });
  const group = { name: "castle", status: "ACTIVE", desired: 3, max: 3 };
  const three = [node("1930m"), node("1930m"), node("1930m")];
  judge(
    "cluster-capacity",
    ({ nodes, groups }) => judgeClusterCapacity(nodes, groups, sizes),
    { nodes: three, groups: [group] },
    [
      ["no node", { nodes: [] }, /no node takes pods/],
      [
        "enough cores in all, and for no pod on one",
        { nodes: Array.from({ length: 8 }, () => node("900m")), groups: [] },
        /no room for 5 pods/,
      ],
      [
        "too few nodes, also when the group has grown",
        { nodes: three.slice(1), groups: [{ ...group, max: 2 }] },
        /2 nodes run, 2 may/,
      ],
      ["too little memory", { nodes: three.map(() => node("1930m", "100Mi")) }, /no room/],
    ],
  );
  it("cluster-capacity counts the nodes that may be added, and says that they would be waited for", () => {
    const seen = judgeClusterCapacity(three.slice(1), [group], sizes);
    if (seen.outcome !== "holds" || !seen.found.includes("wait for further nodes beside the 2 nodes"))
      throw new Error(JSON.stringify(seen));
  });
});
