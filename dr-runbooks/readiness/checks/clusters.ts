import { seconds } from "@castle/regions/duration.ts";
import type { ClusterFacts } from "../../kubernetes/cluster.ts";
import { type Check, judged, notConfigured, type Verdict } from "../check.ts";

export const clusters: Check = {
  name: "clusters",
  why: "A cluster that is being changed starts no pods for a while, and one of another version may run them otherwise.",
  mend: "Wait for an update under way to end (aws eks describe-cluster); upgrade the cluster that is behind; mend what EKS finds wrong with it.",
  severity: "warns",
  deadline: seconds(10),
  look: async (world) => {
    const { active, peer } = await world.sides();
    const looks = [world.cluster(active), world.cluster(peer)];
    const [here, there] = await Promise.all(looks.map((cluster) => cluster?.facts()));
    return here && there ? judgeClusters([active, here], [peer, there]) : notConfigured("cluster");
  },
};

type Found = readonly [region: string, facts: ClusterFacts];

/** Pure. */
export function judgeClusters(active: Found, peer: Found): Verdict {
  const [[, here], [, there]] = [active, peer];
  const against = [
    ...[active, peer].flatMap(([region, { status, issues }]) => [
      ...(status === "ACTIVE" ? [] : [`the cluster in ${region} is ${status}`]),
      ...issues.map((issue) => `EKS says of the cluster in ${region}: ${issue}`),
    ]),
    ...(here.version === there.version
      ? []
      : [`Kubernetes ${here.version} in the active cell, ${there.version} in the peer`]),
  ];
  return judged(against, {
    found: `both clusters are ACTIVE, of Kubernetes ${there.version}`,
    wanted: "both clusters ACTIVE, of one version, with nothing that EKS finds wrong",
  });
}
