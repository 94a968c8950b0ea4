import { seconds } from "@castle/regions/duration.ts";
import { type Sizes, services } from "@castle/services/catalogue.ts";
import type { Deployment, Pod } from "../../kubernetes/objects.ts";
import { type Check, judged, notConfigured, type Verdict } from "../check.ts";

export const standbyPods: Check = {
  name: "standby-pods",
  why: "A takeover opens what is ready in the peer: a pod that is not has to start, or to be mended, while nobody can trade.",
  mend: "kubectl scale the peer's deployment to its warm size; kubectl describe and kubectl logs of a pod that is not ready.",
  severity: "blocks",
  deadline: seconds(10),
  look: async (world) => {
    const { peer } = await world.sides();
    const cluster = world.cluster(peer);
    if (!cluster) return notConfigured("cluster");
    const [deployments, pods] = await Promise.all([cluster.deployments(), cluster.pods()]);
    return judgeStandbyPods(deployments, pods, cluster.sizes);
  },
};

/** Pure. */
export function judgeStandbyPods(
  deployments: readonly Deployment[],
  pods: readonly Pod[],
  sizes: Sizes,
): Verdict {
  const against = services.flatMap(({ name }) => {
    const { standby } = sizes[name];
    const deployment = deployments.find(({ service }) => service === name);
    if (!deployment) return [`there is no deployment ${name}`];
    const own = pods.filter(({ service }) => service === name);
    return [
      ...(deployment.wanted < standby
        ? [`${deployment.wanted} of ${name} asked for, ${standby} wanted`]
        : []),
      ...(own.length < Math.min(deployment.wanted, standby) ? [`${own.length} pods of ${name}`] : []),
      ...own
        .filter(({ ready }) => !ready)
        .map(({ name: pod, because }) => `${pod} is not ready${because === null ? "" : `: ${because}`}`),
    ];
  });
  return judged(against, {
    found: `${pods.length} pods, all of them ready`,
    wanted: `every pod ready, and at least ${services.map(({ name }) => `${sizes[name].standby} ${name}`).join(", ")}`,
  });
}
